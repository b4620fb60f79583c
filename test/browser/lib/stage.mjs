// stage.mjs - the X side, in Python, as a set of asynchronous calls.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../stage.py', import.meta.url));

export class Stage {
    constructor() {
        // The system's Python: that is where python3-xlib and numpy are.
        this.process = spawn('/usr/bin/python3', ['-B', PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] });
        this.waiting = [];
        createInterface({ input: this.process.stdout }).on('line', (line) => this.answered(JSON.parse(line)));
        this.process.on('exit', (code) => {
            for (const { reject } of this.waiting) {
                reject(new Error(`the stage ended with ${code}`));
            }
            this.waiting = [];
        });
        this.process.stdin.on('error', () => {}); // said by 'exit'
    }

    answered({ value, error }) {
        const { resolve, reject } = this.waiting.shift();
        if (error !== undefined) {
            reject(new Error(error));
        } else {
            resolve(value);
        }
    }

    call(name, options = {}) {
        return new Promise((resolve, reject) => {
            this.waiting.push({ resolve, reject });
            this.process.stdin.write(JSON.stringify([name, options]) + '\n');
        });
    }

    // Ends everything; fails where the program under test did not end well.
    async finish() {
        try {
            await this.call('finish');
        } finally {
            this.process.stdin.end();
        }
    }
}

// Many servers behind one port: each page chooses its own by a token.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';

import { launch, Tab, waitUntil } from './lib/browser.mjs';
import { debian, ours } from './lib/flavours.mjs';
import { Stage } from './lib/stage.mjs';

async function freePort() {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address();
    server.close();
    return port;
}

// A child that is ended with the test; its first line that matches.
class Child {
    constructor(command, ...words) {
        this.process = spawn(command, words, { stdio: ['ignore', 'pipe', 'ignore'] });
        this.lines = createInterface({ input: this.process.stdout });
    }

    async said(pattern) {
        for await (const line of this.lines) {
            const found = pattern.exec(line);
            if (found) {
                return found[1];
            }
        }
        throw new Error(`never said ${pattern}`);
    }

    async end() {
        if (this.process.exitCode === null) {
            this.process.kill();
            await once(this.process, 'exit');
        }
    }
}

// As each page's guides write it.
const addresses = [
    [debian, (token) => `/vnc.html?autoconnect=true&path=websockify/?token=${token}`],
    [ours, (token) => `/?token=${token}`],
    [ours, (token) => `/?path=websockify?token=${token}`],
];

for (const [flavour, address] of addresses) {
    describe(`${flavour.name}, ${address('NAME')}`, () => {
        const stage = new Stage();
        const folder = mkdtempSync(join(tmpdir(), 'browser-relay-'));
        const children = [];
        let browser;
        let directory;
        let base;

        before(async () => {
            directory = flavour.prepare();
            await stage.call('start');
            // It cannot know that a browser is behind the relay, and noVNC 1.7 fails where
            // TLS is offered.
            const own = await stage.call('serve', { options: ['-nossl'] });
            const other = await freePort();
            children.push(new Child('Xtigervnc', '-displayfd', '1', '-geometry', '320x240',
                '-SecurityTypes', 'None', '-localhost', '-rfbport', `${other}`));
            await children[0].said(/^(\d+)$/);
            writeFileSync(join(folder, 'tokens'),
                `own: 127.0.0.1:${own}\nother: localhost:${other}\n`);
            children.push(new Child(process.env.X11WSVNC, '-rfbport', '0', '-listen',
                'localhost', '-httpdir', directory, '-token-source', join(folder, 'tokens')));
            base = `http://localhost:${await children[1].said(/^PORT=(\d+)$/)}`;
            browser = await launch();
        });
        after(async () => {
            await browser?.close();
            for (const child of children) {
                await child.end();
            }
            await stage.finish();
            flavour.remove(directory);
            rmSync(folder, { recursive: true });
        });

        test('shows our own server', async () => {
            const tab = await Tab.open(browser, flavour);
            await tab.page.goto(base + address('own'));
            await flavour.waitConnected(tab.page);
            await tab.waitForPicture(stage);
            assert.deepEqual(tab.problems, []);
            await tab.close();
        });

        test('shows Xtigervnc', async () => {
            const tab = await Tab.open(browser, flavour);
            await tab.page.goto(base + address('other'));
            await flavour.waitConnected(tab.page);
            await waitUntil(async () => {
                const size = await tab.page.locator(flavour.canvas).evaluate(
                    (canvas) => `${canvas.width}x${canvas.height}`);
                return size === '320x240' || size;
            }, 'its size');
            assert.deepEqual(tab.problems, []);
            await tab.close();
        });
    });
}

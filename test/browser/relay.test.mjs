// Many servers behind one port: each page chooses its own by a token.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';

import { launch, Tab, waitUntil } from './lib/browser.mjs';
import { debian, ours } from './lib/flavours.mjs';
import { Stage } from './lib/stage.mjs';

// Not one of those that connections going out are given meanwhile.
async function freePort() {
    for (;;) {
        const port = 20000 + Math.floor(Math.random() * 12000);
        const server = createServer().listen(port, '0.0.0.0');
        try {
            await once(server, 'listening');
        } catch {
            continue; // it is taken
        }
        await new Promise((resolve) => { server.close(resolve); });
        return port;
    }
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

// In the page: gives noVNC what the file says that the server said.
async function play([library, canvas, text]) {
    const frames = Function(`${text} return VNC_frame_data;`)();
    const { default: RFB } = await import(library);
    const target = document.createElement('div');
    target.id = /#(\S+)/.exec(canvas)[1];
    document.body.replaceChildren(target);
    // What noVNC takes in place of a WebSocket.
    const channel = {
        send() {}, close() {}, binaryType: 'arraybuffer', protocol: '', readyState: 'open',
        onopen: null, onerror: null, onclose: null, onmessage: null,
    };
    window.player = new RFB(target, channel);
    for (const frame of frames) {
        const [, said] = /^\{\d+\{([^]*)$/.exec(frame) ?? [];
        if (said !== undefined) {
            const bytes = Uint8Array.from(said, (letter) => letter.charCodeAt(0));
            channel.onmessage({ data: bytes.buffer });
            // It waits for promises between messages.
            await new Promise((resolve) => { setTimeout(resolve, 5); });
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
            const third = await freePort();
            const { display, authority } = await stage.call('place');
            children.push(new Child('x11vnc', '-display', display, '-auth', authority,
                '-rfbport', `${third}`, '-localhost', '-forever', '-shared', '-nopw', '-noxrecord'));
            await children[1].said(/^PORT=(\d+)$/);
            writeFileSync(join(folder, 'tokens'), `own: 127.0.0.1:${own}\n`
                + `other: localhost:${other}\nthird: 127.0.0.1:${third}\n`);
            children.push(new Child(process.env.X11WSVNC, '-rfbport', '0', '-listen',
                'localhost', '-httpdir', directory, '-token-source', join(folder, 'tokens'),
                '-record', folder));
            base = `http://localhost:${await children[2].said(/^PORT=(\d+)$/)}`;
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

        test('plays back what was recorded of that', async () => {
            let text = '';
            await waitUntil(() => {
                try {
                    text = readFileSync(join(folder, 'session.1'), 'latin1');
                } catch {
                    return 'no file';
                }
                return text.endsWith("'EOF'];\n") || 'no end';
            }, 'the recording has its end');
            const tab = await Tab.open(browser, flavour);
            await tab.page.goto(`${base}${flavour.library}`); // a page of the same place
            await tab.page.evaluate(play, [flavour.library, flavour.canvas, text]);
            await tab.waitForPicture(stage);
            await tab.close();
        });

        test('shows x11vnc', async () => {
            const tab = await Tab.open(browser, flavour);
            await tab.page.goto(base + address('third'));
            await flavour.waitConnected(tab.page);
            await tab.waitForPicture(stage, true); // libvncserver 0.9.15 takes JPEG for text
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

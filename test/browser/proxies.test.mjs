// Our page as browsers meet it behind the proxies of doc/RECIPES.md: under a
// path, and through HAProxy's PROXY protocol.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { launch, Tab } from './lib/browser.mjs';
import { ours } from './lib/flavours.mjs';
import { Stage } from './lib/stage.mjs';

const RECIPE = fileURLToPath(new URL('../package/recipe.py', import.meta.url));
const PASSWORD = 'secret';

async function freePort() {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address();
    server.close();
    return port;
}

// The proxy of a recipe, until its standard input ends.
class Proxy {
    async begin(recipe, front, back) {
        this.process = spawn('/usr/bin/python3', ['-B', RECIPE, recipe, front, back],
            { stdio: ['pipe', 'pipe', 'inherit'] });
        const [said] = await once(createInterface({ input: this.process.stdout }), 'line');
        assert.equal(said, 'ready');
    }

    async end() {
        if (this.process?.exitCode === null) {
            this.process.stdin.end();
            await once(this.process, 'exit');
        }
    }
}

for (const [recipe, path, options] of [
    ['nginx-path', '/desk', () => ['-trustproxy', '127.0.0.1,::1']],
    ['haproxy-proxy', '', (origin) => ['-trustproxy', '127.0.0.1', '-origin', origin]],
]) {
    describe(`our page behind ${recipe}`, () => {
        const stage = new Stage();
        const proxy = new Proxy();
        let browser;
        let directory;
        let origin;
        before(async () => {
            directory = ours.prepare();
            await stage.call('start');
            const front = await freePort();
            origin = `https://desk.example:${front}`;
            const back = await stage.call('serve', {
                options: ['-httpdir', directory, ...options(origin)], password: PASSWORD,
            });
            await proxy.begin(recipe, front, back);
            browser = await launch(['--host-resolver-rules=MAP desk.example 127.0.0.1']);
        });
        after(async () => {
            await browser?.close();
            await proxy.end();
            await stage.finish();
            ours.remove(directory);
        });

        test('shows the screen, and again after a reload', async () => {
            const tab = await Tab.open(browser, ours);
            const sockets = [];
            tab.page.on('websocket', (socket) => sockets.push(socket.url()));
            await tab.connect(origin + path, PASSWORD);
            await tab.waitForPicture(stage);
            await stage.call('show', { seed: 3 });
            await tab.waitForPicture(stage);
            await tab.page.goto('about:blank');
            await tab.connect(origin + path, PASSWORD);
            assert.deepEqual(sockets.map((address) => new URL(address).pathname),
                [`${path}/websockify`, `${path}/websockify`]);
            assert.deepEqual(tab.problems, []);
            await tab.close();
        });
    });
}

// https and wss with a certificate nobody signed, on the same port; the one the
// program makes itself, and HTTP's own passwords.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { debian, lite, ours } from './lib/flavours.mjs';
import { Setting } from './lib/scenarios.mjs';

for (const flavour of [debian, ours, lite]) {
    describe(`${flavour.name}, over TLS`, () => {
        const setting = new Setting();
        before(() => setting.begin(flavour, { tls: true }));
        after(() => setting.end());

        test('the page and its WebSocket work over TLS, three times', async () => {
            const tab = await setting.open();
            const sockets = [];
            tab.page.on('websocket', (socket) => sockets.push(socket.url()));
            await tab.connect(setting.base);
            await tab.waitForPicture(setting.stage);
            for (let round = 0; round < 2; round++) {
                await tab.page.reload();
                await flavour.waitConnected(tab.page);
            }
            await setting.stage.call('show', { seed: 2 });
            await tab.waitForPicture(setting.stage);
            assert.equal(sockets.length, 3);
            for (const address of sockets) {
                assert.ok(address.startsWith('wss:'), address);
            }
            assert.deepEqual(tab.problems, []);
            await tab.close();
        });
    });
}

for (const flavour of [debian, ours]) {
    describe(`${flavour.name}, with nothing but -sslonly`, () => {
        const setting = new Setting();
        before(() => setting.begin(flavour, { more: ['-sslonly'] }));
        after(() => setting.end());

        test('http leads to https, and the whole page works there', async () => {
            const tab = await setting.open();
            const sockets = [];
            tab.page.on('websocket', (socket) => sockets.push(socket.url()));
            await tab.connect(setting.base);
            await tab.waitForPicture(setting.stage);
            assert.equal(new URL(tab.page.url()).protocol, 'https:');
            assert.equal(await tab.page.evaluate(() => window.isSecureContext), true);
            assert.equal(sockets.length, 1);
            assert.ok(sockets[0].startsWith('wss:'), sockets[0]);
            assert.deepEqual(tab.problems, []);
            await tab.close();
        });
    });

    describe(`${flavour.name}, behind a password of HTTP's`, () => {
        const setting = new Setting();
        before(() => setting.begin(flavour, {
            tls: true, more: ['--web-auth', '--auth-source', 'joe:two words'],
        }));
        after(() => setting.end());

        test('who knows it gets page and WebSocket, nobody else anything', async () => {
            const stranger = await setting.open();
            await assert.rejects(stranger.page.goto(setting.base), /INVALID_AUTH_CREDENTIALS/);
            await stranger.close();
            const tab = await setting.open({
                httpCredentials: { username: 'joe', password: 'two words' },
            });
            await tab.connect(setting.base);
            await tab.waitForPicture(setting.stage);
            await tab.close();
        });
    });
}

// https and wss with a certificate nobody signed, on the same port.

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

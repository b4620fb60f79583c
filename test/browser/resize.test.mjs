// The X screen changes its size while a browser watches.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { debian, ours } from './lib/flavours.mjs';
import { Setting } from './lib/scenarios.mjs';

for (const flavour of [debian, ours]) {
    describe(`${flavour.name}, on a screen that changes its size`, () => {
        const setting = new Setting();
        before(() => setting.begin(flavour, { kind: 'Xtigervnc' }));
        after(() => setting.end());

        test('the canvas follows', async () => {
            const { stage } = setting;
            const tab = await setting.openConnected();
            await tab.waitForPicture(stage);
            for (const [width, height] of [[1024, 768], [800, 600], [1280, 720]]) {
                await stage.call('resize', { width, height });
                await stage.call('show', { seed: width });
                await tab.waitForPicture(stage);
                const size = await tab.canvas.evaluate((canvas) => [canvas.width, canvas.height]);
                assert.deepEqual(size, [width, height]);
            }
            assert.deepEqual(tab.problems, []);
            await tab.close();
        });
    });
}

// The X screen changes its size while a browser watches, and because one does.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { debian, lite, ours } from './lib/flavours.mjs';
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

// The application has a setting, the minimal page a parameter of that name.
const asks = (flavour, joint) => ({
    ...flavour,
    address: (base, password) => `${flavour.address(base, password)}${joint}resize=remote`,
});

for (const flavour of [asks(debian, '&'), asks(lite, '?')]) {
    describe(`${flavour.name}, with resize=remote`, () => {
        const setting = new Setting();
        before(() => setting.begin(flavour, { kind: 'Xtigervnc' }));
        after(() => setting.end());

        test('the X screen fits the window', async () => {
            const { stage } = setting;
            const tab = await setting.openConnected();
            for (const [width, height] of [[1100, 800], [900, 700], [1201, 803]]) {
                await tab.page.setViewportSize({ width, height });
                const room = await tab.canvas.evaluate(({ parentElement }) => {
                    const box = parentElement.getBoundingClientRect();
                    return [Math.floor(box.width), Math.floor(box.height)];
                });
                await stage.call('wait_size', { width: room[0], height: room[1] });
                await stage.call('show', { seed: width });
                await tab.waitForPicture(stage);
            }
            assert.deepEqual(tab.problems, []);
            await tab.close();
        });
    });
}

const monitor = (flavour, chosen) => ({
    ...flavour,
    address: (base, password) => `${flavour.address(base, password)}?monitor=${chosen}`,
});

describe('our page with ?monitor=2', () => {
    const setting = new Setting();
    before(async () => {
        await setting.begin(monitor(ours, 2));
        await setting.stage.call('monitors', { areas: ['500/1x600/1+0+0', '300/1x400/1+500+100'] });
    });
    after(() => setting.end());

    test('shows that monitor and clicks on it', async () => {
        const { stage } = setting;
        const tab = await setting.openConnected();
        await tab.waitForPart(stage, [500, 100, 300, 400]);
        await stage.call('show', { seed: 5 });
        await tab.waitForPart(stage, [500, 100, 300, 400]);
        assert.deepEqual(tab.problems, []);
        await tab.close();
    });
});

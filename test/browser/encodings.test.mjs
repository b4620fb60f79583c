// encodings.test.mjs - each of noVNC's decoders reads what our encoders write.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { Tab } from './lib/browser.mjs';
import { lite } from './lib/flavours.mjs';
import { Setting } from './lib/scenarios.mjs';

const TIGHT_PNG = -260;
// What is listed; the second is for what JPEG leaves to it.
const LISTS = {
    Raw: [0], RRE: [2], Hextile: [5], Zlib: [6], Tight: [7], ZRLE: [16], TightPNG: [TIGHT_PNG],
    'JPEG and ZRLE': [21, 16], 'JPEG and Zlib': [21, 6],
    'Hextile and CopyRect': [5, 1],
};

describe('the decoders of noVNC 1.7', () => {
    const setting = new Setting();
    before(() => setting.begin(lite));
    after(() => setting.end());

    for (const [name, numbers] of Object.entries(LISTS)) {
        test(name, async () => {
            const { stage } = setting;
            const flavour = { ...lite, address: (base) => `${lite.address(base)}?encodings=${numbers}` };
            const tab = await Tab.open(setting.browser, flavour);
            try {
                await tab.connect(setting.base);
                await tab.waitForPicture(stage);
                for (const seed of [1, 2]) {
                    await stage.call('show', { seed });
                    await tab.waitForPicture(stage);
                }
                await stage.call('scroll', { area: [0, 95, 240, 245], up: 14 });
                await tab.waitForPicture(stage);
                await stage.call('show', { seed: 0 });
                await tab.waitForPicture(stage);
                assert.deepEqual(tab.problems, []);
            } finally {
                await tab.close();
            }
        });
    }
});

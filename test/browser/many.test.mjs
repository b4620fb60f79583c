// Several tabs and a native viewer share one port and one screen.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { ours } from './lib/flavours.mjs';
import { Setting } from './lib/scenarios.mjs';

const setting = new Setting();
before(() => setting.begin(ours));
after(() => setting.end());

test('three tabs and xtigervncviewer at once see every change', async () => {
    const { stage } = setting;
    // No cursor, because the viewer's window shows the one of the screen.
    await stage.call('cursor', { colour: null, pointer: [700, 550] });
    await stage.call('viewer_start');
    await stage.call('viewer_check');
    const tabs = await Promise.all([1, 2, 3].map(() => setting.openConnected()));
    for (const seed of [3, 4, 5]) {
        await stage.call('show', { seed });
        await Promise.all(tabs.map((tab) => tab.waitForPicture(stage)));
        await stage.call('viewer_check');
    }
    // One leaves, the others stay.
    await tabs[0].close();
    await stage.call('show', { seed: 6 });
    await Promise.all(tabs.slice(1).map((tab) => tab.waitForPicture(stage)));
    await stage.call('viewer_check');
    await stage.call('viewer_stop');
    for (const tab of tabs) {
        assert.deepEqual(tab.problems, []);
    }
});

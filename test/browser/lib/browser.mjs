// browser.mjs - a real Chromium, and one of its tabs under observation.

import { chromium } from 'playwright-core';

// Only a guard against hanging.
export const GUARD_MS = 60000;
// Asked for by name and documented as optional by noVNC and by browsers.
const MAY_BE_MISSING = /\/(package\.json|defaults\.json|mandatory\.json|favicon\.ico)$/;
const SAID_OF_IT = /^Couldn't fetch \w+\.json: Error: 404 /;

export function launch(more = []) {
    return chromium.launch({
        executablePath: '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
            '--disable-background-networking', '--disable-component-update', '--disable-sync', ...more],
    });
}

export async function waitUntil(condition, what) {
    const end = Date.now() + GUARD_MS;
    let last;
    for (;;) {
        last = await condition();
        if (last === true) {
            return;
        }
        if (Date.now() > end) {
            throw new Error(`still not: ${what}; last seen: ${last}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}

export class Tab {
    static async open(browser, flavour, more) {
        const context = await browser.newContext({
            viewport: { width: 1280, height: 900 }, ignoreHTTPSErrors: true, ...more,
        });
        const tab = new Tab();
        tab.context = context;
        tab.flavour = flavour;
        tab.page = await context.newPage();
        tab.page.setDefaultTimeout(GUARD_MS);
        tab.problems = [];
        tab.observe();
        return tab;
    }

    observe() {
        const { page, problems } = this;
        page.on('pageerror', (error) => problems.push(`uncaught: ${error}`));
        page.on('requestfailed', (request) => {
            problems.push(`${request.url()}: ${request.failure().errorText}`);
        });
        page.on('response', (response) => {
            const path = new URL(response.url()).pathname;
            if (response.status() >= 400 && !MAY_BE_MISSING.test(path)) {
                problems.push(`${response.url()}: status ${response.status()}`);
            }
        });
        page.on('console', (message) => {
            const path = message.location().url ?? '';
            const text = message.text();
            const missing = SAID_OF_IT.test(text)
                || (text.startsWith('Failed to load resource') && MAY_BE_MISSING.test(path));
            if (message.type() === 'error' && !missing) {
                problems.push(`console: ${text} (${path})`);
            }
        });
    }

    async connect(base, password) {
        await this.page.goto(this.flavour.address(base, password));
        await this.flavour.waitConnected(this.page);
    }

    get canvas() {
        return this.page.locator(this.flavour.canvas);
    }

    // The canvas as base64 of R G B A bytes, with its size.
    pixels() {
        return this.canvas.evaluate((canvas) => {
            const { width, height } = canvas;
            const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
            let text = '';
            for (let at = 0; at < data.length; at += 0x8000) {
                text += String.fromCharCode(...data.subarray(at, at + 0x8000));
            }
            return { width, height, rgba: btoa(text) };
        });
    }

    // lossy: as another server than ours sends it.
    waitForPicture(stage, lossy = false) {
        return this.waitForPart(stage, null, lossy);
    }

    // area: [x, y, width, height] of the X screen; null for all of it.
    async waitForPart(stage, area, lossy = false) {
        await waitUntil(async () => {
            const { width, height, rgba } = await this.pixels();
            if (width === 0) {
                return 'an empty canvas';
            }
            return await stage.call('compare', { width, height, rgba, area, lossy }) || true;
        }, 'the canvas shows the X screen');
    }

    // A whole pixel of the page over screen pixel x,y or, where the view is
    // scaled, close to it; and the screen pixel noVNC makes of it.
    async over(x, y) {
        const { left, top, scale } = await this.canvas.evaluate((canvas) => {
            const box = canvas.getBoundingClientRect();
            return { left: box.left, top: box.top, scale: box.width / canvas.width };
        });
        const pageX = Math.ceil(left + x * scale);
        const pageY = Math.ceil(top + y * scale);
        return {
            pageX, pageY, scale,
            x: Math.floor((pageX - left) / scale), y: Math.floor((pageY - top) / scale),
        };
    }

    async click(x, y, options) {
        const point = await this.over(x, y);
        await this.page.mouse.click(point.pageX, point.pageY, options);
        return point;
    }

    // The colour of the middle of the cursor's picture, as [r, g, b, a].
    cursorColour() {
        return this.canvas.evaluate(async (canvas) => {
            const [, address] = /^url\("?(data:[^")]*)"?\)/.exec(canvas.style.cursor) ?? [];
            if (address === undefined) {
                return canvas.style.cursor;
            }
            const image = new Image();
            image.src = address;
            await image.decode();
            const copy = document.createElement('canvas');
            copy.width = image.width;
            copy.height = image.height;
            const context = copy.getContext('2d');
            context.drawImage(image, 0, 0);
            const middle = context.getImageData(image.width >> 1, image.height >> 1, 1, 1);
            return [...middle.data].join();
        });
    }

    close() {
        return this.context.close();
    }
}

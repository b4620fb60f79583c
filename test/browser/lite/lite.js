// What the shortest embedding of noVNC does: query parameters, prompt(), no
// options of the connection touched. encodings=21,16 leaves these alone of what
// noVNC lists, in this order; what is no encoding of pixels it may keep.
// resize=remote fits the X screen into the window.
import RFB from './novnc/core/rfb.js';

const query = new URLSearchParams(location.search);
const status = document.getElementById('status');
const scheme = location.protocol === 'https:' ? 'wss' : 'ws';

if (query.has('encodings')) {
    const wanted = query.get('encodings').split(',').map(Number);
    const { clientEncodings } = RFB.messages;
    const isPixels = (number) => (number >= 0 && number < 256) || number === -260;
    RFB.messages.clientEncodings = (socket, listed) => {
        const missing = wanted.filter((number) => !listed.includes(number));
        if (missing.length > 0) {
            status.textContent = `noVNC does not list ${missing}`;
        }
        clientEncodings(socket, [...wanted, ...listed.filter((number) => !isPixels(number))]);
    };
}

const rfb = new RFB(
    document.getElementById('screen'), `${scheme}://${location.host}/${query.get('path') ?? 'websockify'}`,
    { credentials: { password: query.get('password') ?? undefined } });

rfb.resizeSession = query.get('resize') === 'remote';
rfb.addEventListener('connect', () => { status.textContent = 'connected'; });
rfb.addEventListener('disconnect', () => {
    if (!status.textContent.startsWith('refused')) {
        status.textContent = 'disconnected';
    }
});
rfb.addEventListener('securityfailure', (event) => { status.textContent = `refused: ${event.detail.reason}`; });
rfb.addEventListener('credentialsrequired', () => { rfb.sendCredentials({ password: prompt('Password') }); });

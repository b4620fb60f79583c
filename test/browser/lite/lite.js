// What the shortest embedding of noVNC does: query parameters, prompt(), no
// options of the connection touched.
import RFB from './novnc/core/rfb.js';

const query = new URLSearchParams(location.search);
const status = document.getElementById('status');
const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
const rfb = new RFB(
    document.getElementById('screen'), `${scheme}://${location.host}/${query.get('path') ?? 'websockify'}`,
    { credentials: { password: query.get('password') ?? undefined } });

rfb.addEventListener('connect', () => { status.textContent = 'connected'; });
rfb.addEventListener('disconnect', () => {
    if (!status.textContent.startsWith('refused')) {
        status.textContent = 'disconnected';
    }
});
rfb.addEventListener('securityfailure', (event) => { status.textContent = `refused: ${event.detail.reason}`; });
rfb.addEventListener('credentialsrequired', () => { rfb.sendCredentials({ password: prompt('Password') }); });

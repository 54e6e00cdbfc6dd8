// A server in a process of its own, for the load test: tells its address, and its memory when asked.
import { createApp } from '../../dist/server/app.js';
import { listen } from '../../dist/server/listen.js';

const app = createApp({ report: (error) => process.send({ complaint: String(error) }) });
const { port, server } = await listen(app.express, '127.0.0.1', 0);
let widest = 0;
let last = performance.now();
// How long the server was deaf at most.
setInterval(() => {
  const now = performance.now();
  widest = Math.max(widest, now - last - 20);
  last = now;
}, 20).unref();
process.on('message', async (asked) => {
  if (asked === 'memory') {
    globalThis.gc();
    const { external, heapUsed, rss } = process.memoryUsage();
    process.send({ memory: { rss, heap: heapUsed, external, deaf: widest, cpu: process.cpuUsage() } });
    widest = 0;
  }
  if (asked === 'end') {
    server.closeAllConnections();
    server.close();
    await app.close();
    process.disconnect();
  }
});
process.send({ address: `http://127.0.0.1:${port}` });

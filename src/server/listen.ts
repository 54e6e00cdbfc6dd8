/** Listening on a port, or on the next one that is free. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';

/** Ports that are tried, one after the other. */
const TRIES = 20;

/** Connections at a time: each listener has one, and a page a few more. Others are closed at once. */
const MOST_CONNECTIONS = 1024;

/** Milliseconds. Who takes longer to say what it wants holds a connection that others need. */
const PATIENCE = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 2_000 };

export interface Listening {
  readonly server: Server;
  readonly port: number;
}

/** Port 0 is any free one. Throws the system's error where none of the ports can be had. */
export async function listen(app: Express, host: string, port: number): Promise<Listening> {
  for (let tried = 0; ; tried++) {
    const server = createServer(PATIENCE, app);
    server.maxConnections = MOST_CONNECTIONS;
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port + tried, host, resolve);
      });
      return { server, port: (server.address() as AddressInfo).port };
    } catch (error) {
      const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (!taken || tried + 1 >= TRIES || port + tried + 1 > 65535) throw error;
    }
  }
}

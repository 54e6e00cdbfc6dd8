/** The events of a run as the server sends them. The browser comes back by itself; no record is taken twice. */
import type { TraceRecord } from '../src/loop/trace.js';
import type { RunStatus, ViewFrame } from '../src/server/protocol.js';

export interface StreamListener {
  record(record: TraceRecord): void;
  frame(frame: ViewFrame): void;
  status(status: RunStatus): void;
  /** The connection is there, is being made again, or is lost for good. */
  connection(state: 'open' | 'waiting' | 'lost'): void;
}

/** How often in a row the connection may fail before it is given up. */
const TRIES = 5;

export class RunStream {
  private readonly source: EventSource;
  private last = -1;
  private failures = 0;

  constructor(id: string, listener: StreamListener) {
    this.source = new EventSource(`api/runs/${id}/events?view=1`);
    this.source.onopen = () => {
      this.failures = 0;
      listener.connection('open');
    };
    this.source.onmessage = ({ data, lastEventId }: MessageEvent<string>) => {
      const number = Number(lastEventId);
      if (number <= this.last) return;
      this.last = number;
      listener.record(JSON.parse(data) as TraceRecord);
    };
    this.source.addEventListener('view', ({ data }: MessageEvent<string>) => listener.frame(JSON.parse(data)));
    this.source.addEventListener('status', ({ data }: MessageEvent<string>) => listener.status(JSON.parse(data)));
    this.source.onerror = () => {
      this.failures++;
      const isLost = this.source.readyState === EventSource.CLOSED || this.failures >= TRIES;
      if (isLost) this.close();
      listener.connection(isLost ? 'lost' : 'waiting');
    };
  }

  close(): void {
    this.source.close();
  }
}

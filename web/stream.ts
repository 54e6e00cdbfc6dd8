/** The stream of records from the server: it can be paused (by not pulling) and goes on where it was. */
import type { TraceRecord } from '../src/loop/trace.js';

export interface Listener {
  record(record: TraceRecord): void;
  /** `live`, `waiting` (the connection is being made), `paused`, `ended`, or `failed`. */
  state(state: StreamState): void;
}

export type StreamState = 'live' | 'waiting' | 'paused' | 'ended' | 'failed';

export class RecordStream {
  private source: EventSource | null = null;
  private last = -1;
  private ends = 0;
  state: StreamState = 'paused';

  constructor(
    private readonly listener: Listener,
    public speed: number,
  ) {}

  /** Goes on after the last record that came. */
  play(): void {
    this.source?.close();
    const source = new EventSource(`api/events?after=${this.last}&speed=${this.speed}`);
    this.source = source;
    this.enter('waiting');
    source.onopen = () => this.enter('live');
    source.onmessage = ({ data, lastEventId }) => {
      const id = Number(lastEventId);
      // After a reconnection the browser names the last record it has; none may come twice.
      if (id <= this.last) return;
      this.last = id;
      const record = JSON.parse(data) as TraceRecord;
      this.listener.record(record);
      if (record.type === 'end' && ++this.ends === 2) this.stop('ended');
    };
    source.addEventListener('failed', () => this.stop('failed'));
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) this.stop('failed');
      else this.enter('waiting');
    };
  }

  pause(): void {
    this.stop('paused');
  }

  /** Forgets what came. */
  reset(): void {
    this.stop('paused');
    this.last = -1;
    this.ends = 0;
  }

  private stop(state: StreamState): void {
    this.source?.close();
    this.source = null;
    this.enter(state);
  }

  private enter(state: StreamState): void {
    this.state = state;
    this.listener.state(state);
  }
}

/** The columns of a scenario's CSV file, as read. */
export interface TableData {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, Float64Array>;
  readonly levels: ReadonlyMap<string, readonly string[]>;
  /** Rows at which a new value of the time column begins; null where a replay names none. */
  readonly times: Int32Array | null;
}

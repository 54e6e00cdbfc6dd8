/** The columns of a scenario's CSV file, as read. */
export interface TableData {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, Float64Array>;
  readonly levels: ReadonlyMap<string, readonly string[]>;
}

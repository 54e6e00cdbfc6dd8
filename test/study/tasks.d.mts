export const tasks: {
  column: (asks: { n: number; x: number }) => Float64Array;
  slow: (asks: { milliseconds: number; name: string }) => Promise<string>;
  thread: (asks: { milliseconds: number }) => Promise<number>;
  throws: (asks: { message: string }) => never;
  exits: (asks: { code: number }) => never;
  overflows: (asks: object) => Promise<void>;
};

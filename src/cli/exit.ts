/** 0 fine; 1 an expectation failed; 2 bad usage or scenario; 3 a run failed. */
export const EXIT = { fine: 0, expectation: 1, usage: 2, run: 3 } as const;

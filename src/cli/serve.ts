/** `driftloop serve`: a scenario in the browser. */
export async function serveVerb(_file: string, _options: object): Promise<void> {}

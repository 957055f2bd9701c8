// What the console's page asks for in any case, whoever sits there: the hub has the browser fetch it while the program is
// still on its way. What only some may see is no such thing: a refusal is written down.

/** Paths of this origin, as they are asked for, character by character. */
export const PRELOADED: readonly string[] = ['/api/v1/session']

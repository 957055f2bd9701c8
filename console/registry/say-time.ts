// Times as people read them, by the clock of this machine.

/** `2026-11-22 09:05`, or as the language has it. */
export const sayTime = (at: number, language: string): string =>
  new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(at)

export const sayDay = (at: number, language: string): string =>
  new Intl.DateTimeFormat(language, { dateStyle: 'medium' }).format(at)

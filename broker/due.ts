// Which devices are to be looked up for commands, and when: by a clock that nobody sets. Each stands in it once.

export type Due = {
  /** Looks it up in `inMs`, or earlier if that was wanted already; `isFresh` lasts until it is taken. */
  add(deviceId: string, look: { inMs: number; isFresh: boolean }): void
  /** Those whose time has come. */
  ready(): string[]
  take(deviceId: string): { isFresh: boolean }
}

export function createDue(): Due {
  const looks = new Map<string, { at: number; isFresh: boolean }>()
  return {
    add(deviceId, { inMs, isFresh }) {
      const at = performance.now() + inMs
      const before = looks.get(deviceId)
      looks.set(deviceId, {
        at: Math.min(at, before?.at ?? at),
        isFresh: isFresh || before?.isFresh === true,
      })
    },
    ready() {
      const now = performance.now()
      return [...looks].filter(([, { at }]) => at <= now).map(([deviceId]) => deviceId)
    },
    take(deviceId) {
      const isFresh = looks.get(deviceId)?.isFresh === true
      looks.delete(deviceId)
      return { isFresh }
    },
  }
}

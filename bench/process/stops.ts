// What has to be ended and removed again, in reverse; one that fails does not keep the others.

export type Stops = { add(stop: () => Promise<void>): void; run(): Promise<void> }

export function openStops(): Stops {
  const stops: (() => Promise<void>)[] = []
  return {
    add: stop => void stops.push(stop),
    async run() {
      for (const stop of stops.splice(0).reverse()) {
        await stop().catch((error: unknown) => console.error('something did not stop cleanly:', error))
      }
    },
  }
}

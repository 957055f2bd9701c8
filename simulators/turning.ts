// Keeps a city going by the clock of the machine.

import type { City } from './city.ts'

const TURN_MS = 50

export function startTurning(city: Pick<City, 'turn'>): { stop(): void } {
  const timer = setInterval(() => city.turn(Date.now()), TURN_MS)
  return { stop: () => clearInterval(timer) }
}

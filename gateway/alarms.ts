// What the gateway asks of `alerts`: passed in, so that a route can be tried without a whole desk behind it.

export type { AlarmDesk } from '../alerts/desk.ts'

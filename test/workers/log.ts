// Builds logs for fold tests: records as a broker and an owner would append them, in virtual time.

import { encodeEntry, type RawRecord, type RecordKind } from '../../broker/entry.ts'
import { epochMs } from '../../model/units.ts'
import type { Fold } from '../../workers/fold.ts'
import { emptyFolded, type Folded } from '../../workers/folded.ts'
import type { Context } from '../../workers/rule.ts'

/** Noon in Beijing on 21 November 2026. */
export const NOON = Date.UTC(2026, 10, 21, 4)

export function said(deviceId: string, kind: RecordKind, receivedAt: number, payload: unknown): RawRecord {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload)
  return { kind, deviceId, receivedAt: epochMs(receivedAt), payload: Buffer.from(text), cut: false }
}

export const ticked = (at: number): RawRecord => said('', 'tick', at, '')

/** What the registry says of a device from now on: its zones, those of its areas among them, then its context. */
export function knows(deviceId: string, at: number, { zones, areas: _, ...context }: Context): RawRecord[] {
  const zoneIds = zones.filter(({ areaId }) => areaId === null).map(({ id }) => id)
  const areaIds = [...new Set(zones.flatMap(({ areaId }) => areaId ?? []))]
  return [
    ...zones.map(zone => said('', 'context', at, { zone })),
    said(deviceId, 'context', at, { context: { ...context, zoneIds, areaIds } }),
  ]
}

/** Folds records as one entry. */
export function foldOne(
  fold: Fold,
  records: RawRecord[],
  { run = 'r', batch }: { run?: string; batch: number },
): Folded {
  const folded = emptyFolded()
  fold.apply(encodeEntry({ run, batch, records }), folded)
  return folded
}

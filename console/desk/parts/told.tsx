// What the hub has sent to somebody by itself, and how far it got.

import { Button } from 'antd'
import { useCallback, useEffect, useState } from 'react'
import type { AlarmFile } from '../../../model/alarm-file.ts'
import type { Delivery } from '../../../model/delivery.ts'
import { timeOfDay } from '../../shell/amounts.ts'
import { useNow } from '../../shell/now.tsx'
import { refusal } from '../../shell/refusals.ts'
import { useStable } from '../../shell/use-stable.ts'
import { useDeskTools } from '../desk-tools.ts'
import { useWords } from '../words.ts'
import { useWorkWords } from '../work-words.ts'

/** Entries that say that something was sent, or was not. */
const TELLS: ReadonlySet<string> = new Set(['told', 'untold', 'told_again', 'contact_going', 'escalated'])

/** The messages of an alarm, read again whenever its timeline says that there are more. */
export function useDeliveries({ alarm, timeline }: AlarmFile): {
  deliveries: readonly Delivery[]
  resend(delivery: Delivery): void
} {
  const all = useWords()
  const { work, tell } = useDeskTools()
  const [deliveries, setDeliveries] = useState<readonly Delivery[]>([])
  const newest = timeline.findLast(({ kind }) => TELLS.has(kind))?.seq
  const { id } = alarm
  const read = useCallback(async () => {
    const answer = await work.deliveries(id)
    // Without them the timeline still says who was told.
    if (answer.ok) setDeliveries(answer.value)
  }, [work, id])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the newest entry says when to read again
  useEffect(() => {
    void read()
  }, [read, newest])
  const resend = useStable(async (delivery: Delivery) => {
    const answer = await work.resend(delivery.id)
    if (!answer.ok) tell({ tone: 'bad', text: refusal(answer.problem, all) })
    await read()
  })
  return { deliveries, resend: delivery => void resend(delivery) }
}

type Props = {
  deliveries: readonly Delivery[]
  onResend: ((delivery: Delivery) => void) | undefined
}

/** The newest message by each way. */
export function ToldBy({ deliveries, onResend }: Props) {
  const all = useWords()
  const words = useWorkWords()
  const now = useNow()
  const newest = new Map(
    deliveries.toSorted((a, b) => a.queuedAt - b.queuedAt).map(one => [one.channel.kind, one]),
  )
  const reasons: Partial<Record<string, string>> = all.untoldBecause
  return (
    <>
      {[...newest.values()].map(one => (
        <small key={one.id} className={`told is-${one.state}`}>
          {all.channel[one.channel.kind]} {words.deliveryState[one.state]}
          {one.heldUntil !== null && ` · ${words.heldUntil(timeOfDay(one.heldUntil, now, all))}`}
          {one.state === 'failed' && one.reason !== null && ` · ${reasons[one.reason] ?? one.reason}`}
          {one.state === 'failed' && onResend && (
            <Button size="small" onClick={() => onResend(one)}>
              {words.resend}
            </Button>
          )}
        </small>
      ))}
    </>
  )
}

// What happens to a PUBLISH before aedes acknowledges it: it goes to ingest, and the acknowledgement waits until
// ingest says that it is stored. This is the one hook that runs before PUBACK.

import type { AedesOptions } from 'aedes'
import type { Metrics } from '../model/metrics.ts'
import type { Clock } from '../model/time.ts'
import type { Ingest } from './ingest.ts'
import type { BrokerLimits } from './limits.ts'
import { pauseOf, type Waiting } from './pace.ts'
import type { Report } from './refusal.ts'
import type { Sessions } from './sessions.ts'
import { routePublish } from './topics.ts'

export type Publishing = {
  authorizePublish: NonNullable<AedesOptions['authorizePublish']>
  /** Resolves when nothing is on its way to ingest any more. */
  drained(): Promise<void>
}

export function startPublishing({
  sessions,
  ingest,
  waiting,
  limits,
  clock,
  metrics,
  report,
}: {
  sessions: Sessions
  ingest: Pick<Ingest, 'take'>
  waiting: Waiting
  limits: BrokerLimits
  clock: Clock
  metrics: Metrics
  report: Report
}): Publishing {
  let onTheWay = 0
  let onDrained: () => void = () => undefined

  return {
    authorizePublish(client, packet, acknowledge) {
      const session = client ? sessions.of(client.conn) : undefined
      if (!client || !session) return // no wills, no messages of our own: nobody else publishes
      packet.retain = false
      const channel = routePublish(session.prefix, packet.topic)
      if (channel === 'bad_topic' || channel === 'not_allowed_topic') {
        // MQTT 3.1.1 cannot refuse a PUBLISH, and an acknowledgement would say that it is stored [MQTT-3.3.5-2].
        sessions.close(session, channel, { topic: packet.topic.slice(0, 200) })
        return
      }
      if (channel === 'command_ack') {
        metrics.ignored.inc({ part: 'command_ack' }) // nothing sends commands yet; sent again it would not help
        acknowledge()
        return
      }
      const receivedAt = clock.now()
      const pauseMs = channel === 'event' ? pauseOf(session.pace, receivedAt, limits) : 0
      if (pauseMs > 0) report('paced', { deviceId: session.deviceId })
      const { qos, payload } = packet
      onTheWay++
      ingest.take(
        { deviceId: session.deviceId, channel, payload: payload as Buffer, qos, receivedAt },
        (_token, error) => {
          if (--onTheWay === 0) onDrained()
          if (error) return sessions.close(session, 'not_stored', { error })
          if (client.closed) return // nobody to acknowledge to
          packet.payload = NOTHING // at QoS 2 aedes keeps the packet until PUBREL, for its id alone
          if (pauseMs === 0) return acknowledge()
          waiting.hold(acknowledge, Math.max(0, pauseMs - (clock.now() - receivedAt)))
        },
        0, // aedes keeps the packet id
      )
    },

    drained: () =>
      new Promise(resolve => {
        onDrained = resolve
        if (onTheWay === 0) resolve()
      }),
  }
}

const NOTHING = Buffer.alloc(0)

// What a device sent and the hub could not read, for whoever finds out why.

import type { Reject } from '../../../model/device.ts'
import { useHttp } from '../../shell/http-context.ts'
import { useLanguage } from '../../shell/language.tsx'
import type { ListOf } from '../answers.ts'
import { Card, Empty, Settled } from '../parts/settled.tsx'
import { sayTime } from '../say-time.ts'
import { useAnswer } from '../use-answer.ts'
import { useRegistryWords } from '../words.ts'

export function RejectsCard({ deviceId }: { deviceId: string }) {
  const { devices: said } = useRegistryWords()
  const language = useLanguage()
  const http = useHttp()
  const rejects = useAnswer<ListOf<Reject>>(deviceId, () => http.get(`devices/${deviceId}/rejects`))
  return (
    <Card title={said.rejects} lead={said.rejectsLead}>
      <Settled of={rejects}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty text={said.noRejects} />
          ) : (
            <ul className="registry-rows">
              {items.map(({ receiptId, receivedAt, reason, raw }) => (
                <li key={receiptId}>
                  <time>{sayTime(receivedAt, language)}</time>
                  <strong>{reason}</strong>
                  <code>{raw}</code>
                </li>
              ))}
            </ul>
          )
        }
      </Settled>
    </Card>
  )
}

// What an elder wears: paired with a device that is there, or with one that is registered for them; taken off again.

import { Button } from 'antd'
import { useState } from 'react'
import type { Device } from '../../../model/device.ts'
import type { Resident } from '../../../model/resident.ts'
import { useHttp } from '../../shell/http-context.ts'
import { Link } from '../../shell/link.tsx'
import { readAll } from '../answers.ts'
import { RegisterDialog } from '../devices/register-dialog.tsx'
import { ConfirmButton } from '../parts/confirm.tsx'
import { Modal } from '../parts/modal.tsx'
import { RecordForm } from '../parts/record-form.tsx'
import { Card, Empty, Settled } from '../parts/settled.tsx'
import { useRegistry } from '../registry-context.ts'
import { pathOf } from '../sections.ts'
import { useAnswer } from '../use-answer.ts'
import { useRegistryWords } from '../words.ts'

export function WornCard({ resident }: { resident: Resident }) {
  const words = useRegistryWords()
  const http = useHttp()
  const { rights } = useRegistry()
  const said = words.devices
  const worn = useAnswer<Device[]>(`worn ${resident.id}`, () =>
    readAll<Device>(http, 'devices', { residentId: resident.id }),
  )
  const [open, setOpen] = useState<'pair' | 'register'>()
  const extra = rights.edits && (
    <span className="registry-extra">
      <Button size="small" onClick={() => setOpen('pair')}>
        {said.pair}
      </Button>
      <Button size="small" onClick={() => setOpen('register')}>
        {said.add}
      </Button>
    </span>
  )
  const done = () => {
    setOpen(undefined)
    void worn.reload()
  }
  return (
    <Card title={said.of} extra={extra}>
      <Settled of={worn}>
        {devices =>
          devices.length === 0 ? (
            <Empty text={said.noneWorn} />
          ) : (
            <ul className="registry-rows">
              {devices.map(({ id, kind }) => (
                <li key={id}>
                  <Link to={pathOf('devices', id)} className="registry-name">
                    <code>{id}</code>
                  </Link>
                  <span>{said.kinds[kind]}</span>
                  {rights.edits && (
                    <ConfirmButton
                      small
                      label={said.unpair}
                      about={id}
                      sure={said.unpairSure}
                      act={() => http.patch(`devices/${id}`, { residentId: null })}
                      onDone={() => void worn.reload()}
                    />
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Settled>
      {open === 'pair' && <PairDialog resident={resident} onClose={() => setOpen(undefined)} onDone={done} />}
      {open === 'register' && (
        <RegisterDialog resident={resident} onClose={() => setOpen(undefined)} onRegistered={done} />
      )}
    </Card>
  )
}

type PairProps = { resident: Resident; onClose(): void; onDone(): void }

/** Devices that nobody wears, of the elder's own area and those around it. */
function PairDialog({ resident, onClose, onDone }: PairProps) {
  const words = useRegistryWords()
  const http = useHttp()
  const devices = useAnswer<Device[]>('free', () => readAll<Device>(http, 'devices'))
  const free = (devices.value ?? []).filter(({ residentId }) => residentId === null)
  return (
    <Modal open title={words.devices.pair} footer={null} onCancel={onClose}>
      <p className="registry-lead">{words.devices.pairLead}</p>
      <RecordForm
        fields={[
          {
            name: 'deviceId',
            label: words.devices.search,
            as: 'choice',
            required: true,
            wide: true,
            options: free.map(({ id, kind }) => ({
              value: id,
              label: `${id} · ${words.devices.kinds[kind]}`,
            })),
          },
        ]}
        initial={{}}
        submit={words.devices.pair}
        onCancel={onClose}
        onSubmit={async ({ deviceId }) => {
          const answer = await http.patch(`devices/${deviceId}`, { residentId: resident.id })
          if (!answer.ok) return answer.problem
          onDone()
          return undefined
        }}
      />
    </Modal>
  )
}

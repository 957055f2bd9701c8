// One device: what it is, who wears it, whether it answers, and how it is retired.

import { Button } from 'antd'
import { useState } from 'react'
import type { CreatedDevice, Device } from '../../../model/device.ts'
import { isMasked } from '../../../model/mask.ts'
import { useHttp } from '../../shell/http-context.ts'
import { Link } from '../../shell/link.tsx'
import { unkept } from '../../shell/unkept.ts'
import { changesOf } from '../answers.ts'
import { areaPath } from '../area-tree.ts'
import { useEditing } from '../form-drafts.ts'
import { ConfirmButton } from '../parts/confirm.tsx'
import { RecordForm } from '../parts/record-form.tsx'
import { RevealButton, type Shown } from '../parts/reveal-button.tsx'
import { Card, Settled } from '../parts/settled.tsx'
import { useRegistry } from '../registry-context.ts'
import { pathOf } from '../sections.ts'
import { useAnswer } from '../use-answer.ts'
import { useRegistryWords } from '../words.ts'
import { deviceFields, withInterval } from './register-dialog.tsx'
import { RejectsCard } from './rejects-card.tsx'
import { TestCard } from './test-card.tsx'
import { WearerCard } from './wearer-card.tsx'

export function DevicePage({ id }: { id: string }) {
  const words = useRegistryWords()
  const http = useHttp()
  const { user } = useRegistry()
  const device = useAnswer<Device>(id, () => http.get(`devices/${encodeURIComponent(id)}`))
  return (
    <>
      <Link to={pathOf('devices')} className="registry-back">
        ‹ {words.back}
      </Link>
      <Settled of={device}>
        {value => (
          <>
            <Head device={value} onRetired={() => void device.reload()} />
            <div className="registry-cards">
              <DeviceCard device={value} onChanged={device.reload} />
              {value.archivedAt === null && <WearerCard device={value} onChanged={device.reload} />}
              {value.archivedAt === null && <TestCard device={value} />}
              {user.role !== 'operator' && <RejectsCard deviceId={value.id} />}
            </div>
          </>
        )}
      </Settled>
    </>
  )
}

function Head({ device, onRetired }: { device: Device; onRetired(): void }) {
  const words = useRegistryWords()
  const http = useHttp()
  const { areas, rights, tell } = useRegistry()
  const { id, kind, areaId, archivedAt } = device
  return (
    <header className="registry-head">
      <h1>
        <code>{id}</code>
      </h1>
      <p className="registry-sub">
        <span>{words.devices.kinds[kind]}</span>
        <span>{areaPath(areas, areaId, 3)}</span>
        {archivedAt !== null && <span className="mark is-warn">{words.devices.archived}</span>}
      </p>
      {rights.edits && archivedAt === null && (
        <>
          <RenewSecret deviceId={id} />
          <ConfirmButton
            label={words.devices.retire}
            sure={words.devices.retireSure}
            act={() => http.delete(`devices/${id}`)}
            onDone={() => {
              tell({ tone: 'good', text: words.devices.retired })
              onRetired()
            }}
          />
        </>
      )}
    </header>
  )
}

/** The new secret is shown above all else of the registry, once. */
function RenewSecret({ deviceId }: { deviceId: string }) {
  const { devices: said } = useRegistryWords()
  const http = useHttp()
  async function renew() {
    const answer = await http.post<CreatedDevice>(`devices/${encodeURIComponent(deviceId)}/secret`)
    if (answer.ok) unkept.add({ from: 'registration', devices: [{ deviceId, secret: answer.value.secret }] })
    return answer
  }
  return (
    <ConfirmButton
      label={said.renewSecret}
      sure={said.renewSecretSure}
      act={renew}
      onDone={() => undefined}
    />
  )
}

function DeviceCard({ device: stored, onChanged }: { device: Device; onChanged(): Promise<void> }) {
  const words = useRegistryWords()
  const http = useHttp()
  const { rights, areas, tell } = useRegistry()
  const [shown, setShown] = useState<Shown>({})
  const draft = `device ${stored.id}`
  const [editing, setEditing] = useEditing(draft)
  const device: Device = { ...stored, ...shown }
  const { kind, areaId, phone, intervalMs, residentId, archivedAt } = device
  const isHidden = isMasked(phone ?? '')

  async function save(values: Record<string, unknown>) {
    const said = withInterval(values)
    if (isHidden && said.phone === null) delete said.phone
    const change = changesOf(stored, said)
    if (Object.keys(change).length > 0) {
      const answer = await http.patch<Device>(`devices/${stored.id}`, change)
      if (!answer.ok) return answer.problem
      setShown({})
      await onChanged()
      tell({ tone: 'good', text: words.saved })
    }
    setEditing(false)
    return undefined
  }

  const extra = (
    <span className="registry-extra">
      <RevealButton type="device" id={stored.id} fields={isHidden ? ['phone'] : []} onShown={setShown} />
      {rights.edits && archivedAt === null && !editing && (
        <Button size="small" onClick={() => setEditing(true)}>
          {words.edit}
        </Button>
      )}
    </span>
  )
  const fields = deviceFields(words, residentId !== null).map(field =>
    field.name === 'phone' && isHidden ? { ...field, placeholder: `${phone} · ${words.reveal.keep}` } : field,
  )
  return (
    <Card title={words.residents.data} extra={extra}>
      {editing ? (
        <RecordForm
          draft={draft}
          fields={fields}
          initial={{
            kind,
            areaId,
            phone: isHidden ? undefined : phone,
            intervalS: intervalMs === null ? undefined : intervalMs / 1_000,
          }}
          onCancel={() => setEditing(false)}
          onSubmit={save}
        />
      ) : (
        <dl className="registry-data">
          {[
            [words.kind, words.devices.kinds[kind]],
            [words.area, areaPath(areas, areaId, 5)],
            [words.devices.phone, phone ?? words.unknown],
            [
              words.devices.interval,
              intervalMs === null ? words.devices.learns : words.devices.seconds(intervalMs / 1_000),
            ],
          ].map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </Card>
  )
}

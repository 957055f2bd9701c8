// The fences of an elder: listed, and drawn on a map that is fetched when somebody draws.

import { Button } from 'antd'
import { useState } from 'react'
import type { Latest } from '../../../model/history.ts'
import type { Resident } from '../../../model/resident.ts'
import type { Zone } from '../../../model/zone.ts'
import { useHttp } from '../../shell/http-context.ts'
import { later } from '../../shell/later.tsx'
import { readAll } from '../answers.ts'
import { ConfirmButton } from '../parts/confirm.tsx'
import { Modal } from '../parts/modal.tsx'
import { Card, Empty, Settled } from '../parts/settled.tsx'
import { useRegistry } from '../registry-context.ts'
import { useAnswer } from '../use-answer.ts'
import { useRegistryWords } from '../words.ts'

const ZoneEditor = later(async () => (await import('../../map/zone-editor.tsx')).ZoneEditor)

const MINUTE_MS = 60_000

export function ZonesCard({ resident }: { resident: Pick<Resident, 'id'> }) {
  const words = useRegistryWords()
  const http = useHttp()
  const { rights, tell } = useRegistry()
  const said = words.zones
  const zones = useAnswer<Zone[]>(`zones ${resident.id}`, () =>
    readAll<Zone>(http, 'zones', { residentId: resident.id }),
  )
  const [edited, setEdited] = useState<Zone | 'new'>()
  return (
    <Card
      title={said.title}
      extra={
        rights.edits && (
          <Button size="small" onClick={() => setEdited('new')}>
            {said.add}
          </Button>
        )
      }
    >
      <Settled of={zones}>
        {all =>
          all.length === 0 ? (
            <Empty text={said.empty} />
          ) : (
            <ul className="registry-rows">
              {all.map(zone => (
                <OneZone
                  key={zone.id}
                  zone={zone}
                  onEdit={() => setEdited(zone)}
                  onRemoved={() => void zones.reload()}
                />
              ))}
            </ul>
          )
        }
      </Settled>
      {edited && (
        <Drawing
          residentId={resident.id}
          zone={edited === 'new' ? undefined : edited}
          beside={(zones.value ?? []).filter(each => edited === 'new' || each.id !== edited.id)}
          onClose={() => setEdited(undefined)}
          onSaved={() => {
            setEdited(undefined)
            tell({ tone: 'good', text: words.saved })
            void zones.reload()
          }}
        />
      )}
    </Card>
  )
}

type OneProps = { zone: Zone; onEdit(): void; onRemoved(): void }

function OneZone({ zone, onEdit, onRemoved }: OneProps) {
  const words = useRegistryWords()
  const http = useHttp()
  const { rights } = useRegistry()
  const said = words.zones
  const { id, name, kind, schedule, dwellMs, shape } = zone
  return (
    <li>
      <strong>{name}</strong>
      <span className={`mark ${kind === 'danger' ? 'is-warn' : 'is-plain'}`}>{said.kinds[kind]}</span>
      <span className="faint">
        {said.shape['circle' in shape ? 'circle' : 'polygon' in shape ? 'polygon' : 'corridor']}
      </span>
      <span className="faint">{schedule.length === 0 ? said.always : said.scheduled}</span>
      <span className="faint">
        {said.dwell} {said.minutes(Math.round(dwellMs / MINUTE_MS))}
      </span>
      {rights.edits && (
        <span className="registry-extra">
          <Button size="small" aria-label={said.edit(name)} onClick={onEdit}>
            {words.edit}
          </Button>
          <ConfirmButton
            small
            label={words.remove}
            about={name}
            sure={said.removeSure(name)}
            act={() => http.delete(`zones/${id}`)}
            onDone={onRemoved}
          />
        </span>
      )}
    </li>
  )
}

type DrawingProps = {
  residentId: string
  zone: Zone | undefined
  beside: readonly Zone[]
  onClose(): void
  onSaved(): void
}

function Drawing({ residentId, zone, beside, onClose, onSaved }: DrawingProps) {
  const words = useRegistryWords()
  const http = useHttp()
  const latest = useAnswer<Latest>(residentId, () => http.get(`residents/${residentId}/latest`))
  const { value, problem } = latest
  const fix = value?.fix
  return (
    <Modal
      open
      width="min(90rem, 96vw)"
      style={{ top: 16 }}
      title={zone ? words.zones.edit(zone.name) : words.zones.add}
      footer={null}
      onCancel={onClose}
      mask={{ closable: false }}
      keyboard={false}
    >
      {(value !== undefined || problem !== undefined) && (
        <ZoneEditor
          zone={zone}
          owner={{ residentId }}
          beside={beside}
          center={fix ? [fix.lon, fix.lat] : undefined}
          http={http}
          onSaved={onSaved}
          onClose={onClose}
        />
      )}
    </Modal>
  )
}

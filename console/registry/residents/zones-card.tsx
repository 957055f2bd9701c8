// The fences of an elder or of an area: listed, and drawn on a map that is fetched when somebody draws.

import { Button } from 'antd'
import { useState } from 'react'
import type { Latest } from '../../../model/history.ts'
import type { Position, Zone } from '../../../model/zone.ts'
import { useHttp } from '../../shell/http-context.ts'
import { later } from '../../shell/later.tsx'
import { readAll } from '../answers.ts'
import { EditOrRemove } from '../parts/edit-or-remove.tsx'
import { Modal } from '../parts/modal.tsx'
import { Card, Empty, Settled } from '../parts/settled.tsx'
import { useRegistry } from '../registry-context.ts'
import { useAnswer } from '../use-answer.ts'
import { useRegistryWords } from '../words.ts'

const ZoneEditor = later(async () => (await import('../../map/zone-editor.tsx')).ZoneEditor)

const MINUTE_MS = 60_000

/** Whose they are; an area's hold for everybody who lives there. */
type Owner = { residentId: string } | { areaId: string }

type Props = { owner: Owner; lead?: string; empty: string }

export function ZonesCard({ owner, lead, empty }: Props) {
  const words = useRegistryWords()
  const http = useHttp()
  const { rights, tell } = useRegistry()
  const said = words.zones
  const zones = useAnswer<Zone[]>(`zones ${JSON.stringify(owner)}`, () => readAll<Zone>(http, 'zones', owner))
  const [edited, setEdited] = useState<Zone | 'new'>()
  return (
    <Card
      title={said.title}
      lead={lead}
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
            <Empty text={empty} />
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
          owner={owner}
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
  const { zones: said } = useRegistryWords()
  const { rights } = useRegistry()
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
        <EditOrRemove
          about={name}
          editLabel={said.edit(name)}
          sure={said.removeSure(name)}
          path={`zones/${id}`}
          {...{ onEdit, onRemoved }}
        />
      )}
    </li>
  )
}

type DrawingProps = {
  owner: Owner
  zone: Zone | undefined
  beside: readonly Zone[]
  onClose(): void
  onSaved(): void
}

function Drawing({ owner, zone, beside, onClose, onSaved }: DrawingProps) {
  const words = useRegistryWords()
  const http = useHttp()
  const center = useCenter(owner)
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
      {center.isKnown && (
        <ZoneEditor
          zone={zone}
          owner={owner}
          beside={beside}
          center={center.place}
          http={http}
          onSaved={onSaved}
          onClose={onClose}
        />
      )}
    </Modal>
  )
}

/** Where to look at first: where the elder was last. Of an area the hub knows no place. */
function useCenter(owner: Owner): { isKnown: boolean; place: Position | undefined } {
  const http = useHttp()
  const residentId = 'residentId' in owner ? owner.residentId : undefined
  const { value, problem } = useAnswer<Latest | null>(`latest ${residentId}`, async () =>
    residentId === undefined ? { ok: true, value: null } : http.get(`residents/${residentId}/latest`),
  )
  const fix = value?.fix
  return {
    isKnown: value !== undefined || problem !== undefined,
    place: fix ? [fix.lon, fix.lat] : undefined,
  }
}

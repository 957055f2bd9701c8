// The tree of areas, and the one that is chosen in it: renamed, given areas below it, archived.

import { Button, Tree } from 'antd'
import { useState } from 'react'
import { AREA_LEVELS, type Area } from '../../../model/area.ts'
import { useHttp } from '../../shell/http-context.ts'
import { changesOf } from '../answers.ts'
import { type AreaNode, areaPath } from '../area-tree.ts'
import { formDrafts } from '../form-drafts.ts'
import { ConfirmButton } from '../parts/confirm.tsx'
import type { FieldSpec } from '../parts/field-spec.ts'
import { RecordForm } from '../parts/record-form.tsx'
import { Card, Empty } from '../parts/settled.tsx'
import { useRegistry } from '../registry-context.ts'
import { ZonesCard } from '../residents/zones-card.tsx'
import { useRegistryWords } from '../words.ts'
import type { RegistryWords } from '../words.zh.ts'

export function AreasPart() {
  const words = useRegistryWords()
  const { areas } = useRegistry()
  const [chosen, setChosen] = useState<string>()
  const area = chosen === undefined ? undefined : areas.byId.get(chosen)
  return (
    <>
      <header className="registry-head">
        <h1>{words.sections.areas}</h1>
      </header>
      <div className="registry-areas">
        <Card title={words.areas.tree}>
          {areas.nodes.length > 0 && (
            <Tree<AreaNode>
              defaultExpandAll
              blockNode
              treeData={[...areas.nodes]}
              selectedKeys={chosen === undefined ? [] : [chosen]}
              onSelect={keys => setChosen(keys[0] === undefined ? undefined : String(keys[0]))}
              titleRender={node => (
                <>
                  {node.title} <span className="faint">{words.areas.levels[node.area.level]}</span>
                </>
              )}
            />
          )}
        </Card>
        {area ? (
          <div className="registry-column" key={area.id}>
            <OneArea area={area} onGone={() => setChosen(undefined)} />
            <ZonesCard
              owner={{ areaId: area.id }}
              lead={words.zones.ofArea}
              empty={words.zones.emptyOfArea}
            />
          </div>
        ) : (
          <Empty text={words.areas.pick} />
        )}
      </div>
    </>
  )
}

function OneArea({ area, onGone }: { area: Area; onGone(): void }) {
  const words = useRegistryWords()
  const http = useHttp()
  const { areas, rights, user, reloadAreas, tell } = useRegistry()
  const [mode, setMode] = useState(() => modeKeptFor(area.id))
  const isOwn = area.id === user.areaId
  const { id, name, level, parentId } = area
  const done = async () => {
    setMode('read')
    tell({ tone: 'good', text: words.saved })
    await reloadAreas()
  }
  const extra = rights.edits && mode === 'read' && (
    <span className="registry-extra">
      <Button size="small" onClick={() => setMode('add')}>
        {words.areas.add}
      </Button>
      <Button size="small" onClick={() => setMode('edit')}>
        {words.edit}
      </Button>
      {!isOwn && (
        <ConfirmButton
          small
          label={words.areas.archive}
          sure={words.areas.archiveSure}
          act={() => http.delete(`areas/${id}`)}
          onDone={() => {
            onGone()
            tell({ tone: 'good', text: words.areas.archived })
            void reloadAreas()
          }}
        />
      )}
    </span>
  )
  return (
    <Card title={name} extra={extra}>
      {mode === 'read' && (
        <dl className="registry-data">
          {[
            [words.areas.level, words.areas.levels[level]],
            [words.areas.parent, areaPath(areas, parentId, 5) || '—'],
            [words.id, id],
          ].map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {mode === 'edit' && (
        <RecordForm
          draft={`area ${id}`}
          fields={areaFields(words, !isOwn)}
          initial={{ name, level, parentId }}
          onCancel={() => setMode('read')}
          onSubmit={async values => {
            const change = changesOf(area, values)
            if (Object.keys(change).length === 0) return void setMode('read')
            const answer = await http.patch(`areas/${id}`, change)
            if (!answer.ok) return answer.problem
            await done()
            return undefined
          }}
        />
      )}
      {mode === 'add' && (
        <RecordForm
          draft={`area below ${id}`}
          fields={areaFields(words, false)}
          initial={{ level: below(level) }}
          onCancel={() => setMode('read')}
          onSubmit={async values => {
            const answer = await http.post('areas', { ...values, parentId: id })
            if (!answer.ok) return answer.problem
            await done()
            return undefined
          }}
        />
      )}
    </Card>
  )
}

type Mode = 'read' | 'edit' | 'add'

/** A form that was left half filled in is open again. */
function modeKeptFor(id: string): Mode {
  if (formDrafts.of(`area ${id}`)) return 'edit'
  return formDrafts.of(`area below ${id}`) ? 'add' : 'read'
}

const below = (level: Area['level']): Area['level'] =>
  AREA_LEVELS[Math.min(AREA_LEVELS.indexOf(level) + 1, AREA_LEVELS.length - 1)] ?? level

const areaFields = (words: RegistryWords, canMove: boolean): FieldSpec[] => [
  { name: 'name', label: words.title, as: 'text', required: true, max: 100 },
  {
    name: 'level',
    label: words.areas.level,
    as: 'choice',
    required: true,
    options: AREA_LEVELS.map(value => ({ value, label: words.areas.levels[value] })),
  },
  ...(canMove ? [{ name: 'parentId', label: words.areas.parent, as: 'area' } as const] : []),
]

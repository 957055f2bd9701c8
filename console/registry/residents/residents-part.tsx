// Elders: the list with its search, a new one, and the page of one.

import { Button, Input, type TableColumnsType } from 'antd'
import { useState } from 'react'
import type { Resident } from '../../../model/resident.ts'
import { useHttp } from '../../shell/http-context.ts'
import { Link } from '../../shell/link.tsx'
import { areaPath } from '../area-tree.ts'
import { AreaSelect } from '../parts/area-select.tsx'
import { ListTable } from '../parts/list-table.tsx'
import { RecordForm } from '../parts/record-form.tsx'
import { useRegistry } from '../registry-context.ts'
import { pathOf } from '../sections.ts'
import { useList } from '../use-answer.ts'
import { useRegistryWords } from '../words.ts'
import { residentFields } from './resident-fields.ts'
import { ResidentPage } from './resident-page.tsx'
import { fromFields } from './resident-values.ts'

export function ResidentsPart({ id }: { id: string | undefined }) {
  const { rights } = useRegistry()
  if (id === undefined) return <ResidentList />
  if (id === 'new' && rights.edits) return <NewResident />
  return <ResidentPage id={id} />
}

function ResidentList() {
  const words = useRegistryWords()
  const { rights, areas, goTo } = useRegistry()
  const [asked, setAsked] = useState<{ text: string; areaId: string | undefined }>({
    text: '',
    areaId: undefined,
  })
  const list = useList<Resident>('residents', asked)
  const isFiltered = asked.text !== '' || asked.areaId !== undefined
  const columns: TableColumnsType<Resident> = [
    {
      title: words.name,
      key: 'name',
      render: (_, resident) => (
        <Link to={pathOf('residents', resident.id)} className="registry-name">
          {resident.name}
        </Link>
      ),
    },
    {
      title: words.residents.birthYear,
      key: 'birthYear',
      render: (_, { birthYear }) => birthYear ?? '—',
    },
    { title: words.residents.phone, dataIndex: 'phone', render: (phone: string | null) => phone ?? '—' },
    { title: words.area, key: 'area', render: (_, { areaId }) => areaPath(areas, areaId) },
    { title: words.residents.facts, key: 'facts', render: (_, resident) => <Facts resident={resident} /> },
  ]
  return (
    <>
      <header className="registry-head">
        <h1>{words.sections.residents}</h1>
        <search>
          <Input.Search
            allowClear
            className="registry-find-elder"
            enterButton={words.search}
            placeholder={words.residents.search}
            aria-label={words.residents.search}
            maxLength={100}
            onSearch={text => setAsked({ ...asked, text: text.trim() })}
          />
          <AreaSelect
            value={asked.areaId}
            onChange={areaId => setAsked({ ...asked, areaId })}
            allowClear
            placeholder={words.areaAny}
            label={words.area}
          />
        </search>
        {rights.edits && (
          <Button type="primary" onClick={() => goTo(pathOf('residents', 'new'))}>
            {words.residents.add}
          </Button>
        )}
      </header>
      <ListTable
        list={list}
        columns={columns}
        label={words.sections.residents}
        empty={isFiltered ? words.nothingFound : words.residents.empty}
      />
    </>
  )
}

export function Facts({ resident }: { resident: Pick<Resident, 'wandering' | 'livesAlone'> }) {
  const words = useRegistryWords()
  return (
    <span className="registry-marks">
      {resident.wandering && <span className="mark is-warn">{words.residents.wandering}</span>}
      {resident.livesAlone && <span className="mark is-plain">{words.residents.livesAlone}</span>}
    </span>
  )
}

function NewResident() {
  const words = useRegistryWords()
  const http = useHttp()
  const { tell, goTo } = useRegistry()
  return (
    <>
      <header className="registry-head">
        <h1>{words.residents.new}</h1>
      </header>
      <div className="registry-card">
        <RecordForm
          draft="resident new"
          fields={residentFields(words)}
          initial={{ timeZone: 'Asia/Shanghai', wakingFrom: '07:00', wakingTo: '21:00' }}
          onCancel={() => goTo(pathOf('residents'))}
          onSubmit={async values => {
            const answer = await http.post<Resident>('residents', created(values))
            if (!answer.ok) return answer.problem
            tell({ tone: 'good', text: words.saved })
            goTo(pathOf('residents', answer.value.id), { replaces: true })
            return undefined
          }}
        />
      </div>
    </>
  )
}

/** What is not said is as usual: the hub knows what that is. */
const created = (values: Record<string, unknown>): object =>
  Object.fromEntries(Object.entries(fromFields(values)).filter(([, value]) => value !== null))

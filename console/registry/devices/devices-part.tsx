// Devices: the list, registering one, and the page of one.

import { Button, Input, Select, Switch, type TableColumnsType } from 'antd'
import { useState } from 'react'
import type { Device } from '../../../model/device.ts'
import { Link } from '../../shell/link.tsx'
import { navigate } from '../../shell/navigation.ts'
import { areaPath } from '../area-tree.ts'
import { AreaSelect } from '../parts/area-select.tsx'
import { ListTable } from '../parts/list-table.tsx'
import { ResidentName } from '../parts/resident-name.tsx'
import { useRegistry } from '../registry-context.ts'
import { pathOf } from '../sections.ts'
import { useList } from '../use-answer.ts'
import { useRegistryWords } from '../words.ts'
import { DevicePage } from './device-page.tsx'
import { kindOptions, RegisterDialog } from './register-dialog.tsx'

export function DevicesPart({ id }: { id: string | undefined }) {
  return id === undefined ? <DeviceList /> : <DevicePage id={id} />
}

type Asked = { areaId: string | undefined; kind: string | undefined; archived: boolean }

function DeviceList() {
  const words = useRegistryWords()
  const { rights } = useRegistry()
  const [asked, setAsked] = useState<Asked>({ areaId: undefined, kind: undefined, archived: false })
  const list = useList<Device>('devices', asked)
  const [registering, setRegistering] = useState(false)
  const isFiltered = asked.areaId !== undefined || asked.kind !== undefined || asked.archived
  return (
    <>
      <header className="registry-head">
        <h1>{words.sections.devices}</h1>
        <search>
          <Filter asked={asked} onChange={setAsked} />
        </search>
        {rights.edits && (
          <Button type="primary" className="registry-register" onClick={() => setRegistering(true)}>
            {words.devices.add}
          </Button>
        )}
      </header>
      <ListTable
        list={list}
        columns={useColumns()}
        label={words.sections.devices}
        empty={isFiltered ? words.nothingFound : words.devices.empty}
      />
      {registering && (
        <RegisterDialog
          onClose={() => setRegistering(false)}
          onRegistered={() => {
            setRegistering(false)
            void list.reload()
          }}
        />
      )}
    </>
  )
}

/** A device is found by its whole id: the hub has no other way to look for one. */
function Filter({ asked, onChange }: { asked: Asked; onChange(asked: Asked): void }) {
  const words = useRegistryWords()
  const open = (id: string) => id.trim() !== '' && navigate(pathOf('devices', id.trim()))
  return (
    <>
      <Input.Search
        enterButton={words.search}
        placeholder={words.devices.search}
        aria-label={words.devices.search}
        maxLength={64}
        onSearch={open}
      />
      <Select
        allowClear
        placeholder={words.kind}
        aria-label={words.kind}
        className="registry-kind"
        options={kindOptions(words)}
        value={asked.kind}
        onChange={kind => onChange({ ...asked, kind })}
      />
      <AreaSelect
        value={asked.areaId}
        onChange={areaId => onChange({ ...asked, areaId })}
        allowClear
        placeholder={words.areaAny}
        label={words.area}
      />
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the switch is the control */}
      <label className="registry-switch">
        <Switch
          size="small"
          checked={asked.archived}
          onChange={archived => onChange({ ...asked, archived })}
          aria-label={words.devices.showArchived}
        />
        {words.devices.showArchived}
      </label>
    </>
  )
}

function useColumns(): TableColumnsType<Device> {
  const words = useRegistryWords()
  const { areas } = useRegistry()
  return [
    {
      title: words.id,
      key: 'id',
      render: (_, { id }) => (
        <Link to={pathOf('devices', id)} className="registry-name">
          <code>{id}</code>
        </Link>
      ),
    },
    { title: words.kind, key: 'kind', render: (_, { kind }) => words.devices.kinds[kind] },
    {
      title: words.devices.wearer,
      key: 'wearer',
      render: (_, { residentId }) =>
        residentId === null ? (
          <span className="faint">{words.devices.nobody}</span>
        ) : (
          <Link to={pathOf('residents', residentId)} className="registry-name">
            <ResidentName id={residentId} />
          </Link>
        ),
    },
    { title: words.area, key: 'area', render: (_, { areaId }) => areaPath(areas, areaId) },
    {
      title: words.state,
      key: 'state',
      render: (_, { archivedAt }) => (archivedAt === null ? words.devices.live : words.devices.archived),
    },
  ]
}

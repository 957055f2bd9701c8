// Accounts: the list, a new one, and the page of one with how it signs in.

import { Button, Select, Switch, type TableColumnsType } from 'antd'
import { useState } from 'react'
import { ROLES, type Role, type User } from '../../../model/user.ts'
import { useHttp } from '../../shell/http-context.ts'
import { useWords } from '../../shell/language.tsx'
import { Link } from '../../shell/link.tsx'
import { areaPath } from '../area-tree.ts'
import type { FieldSpec } from '../parts/field-spec.ts'
import { ListTable } from '../parts/list-table.tsx'
import { Modal } from '../parts/modal.tsx'
import { RecordForm } from '../parts/record-form.tsx'
import { useRegistry } from '../registry-context.ts'
import { pathOf } from '../sections.ts'
import { useList } from '../use-answer.ts'
import { useRegistryWords } from '../words.ts'
import type { RegistryWords } from '../words.zh.ts'
import { UserPage } from './user-page.tsx'

export function UsersPart({ id }: { id: string | undefined }) {
  return id === undefined ? <UserList /> : <UserPage id={id} />
}

function UserList() {
  const words = useRegistryWords()
  const shared = useWords()
  const http = useHttp()
  const { rights, areas, goTo } = useRegistry()
  const [asked, setAsked] = useState<{ role: Role | undefined; archived: boolean }>({
    role: undefined,
    archived: false,
  })
  const [adding, setAdding] = useState(false)
  const list = useList<User>('users', asked)
  const columns: TableColumnsType<User> = [
    {
      title: words.name,
      key: 'name',
      render: (_, { id, name }) => (
        <Link to={pathOf('users', id)} className="registry-name">
          {name}
        </Link>
      ),
    },
    { title: words.users.username, key: 'username', render: (_, { username }) => <code>{username}</code> },
    { title: words.users.role, key: 'role', render: (_, { role }) => shared.role[role] },
    { title: words.area, key: 'area', render: (_, { areaId }) => areaPath(areas, areaId) },
  ]
  return (
    <>
      <header className="registry-head">
        <h1>{words.sections.users}</h1>
        <search>
          <Select
            allowClear
            placeholder={words.users.role}
            aria-label={words.users.role}
            className="registry-kind"
            value={asked.role}
            onChange={role => setAsked({ ...asked, role })}
            options={ROLES.map(value => ({ value, label: shared.role[value] }))}
          />
          {/* biome-ignore lint/a11y/noLabelWithoutControl: the switch is the control */}
          <label className="registry-switch">
            <Switch
              size="small"
              checked={asked.archived}
              onChange={archived => setAsked({ ...asked, archived })}
              aria-label={words.devices.showArchived}
            />
            {words.devices.showArchived}
          </label>
        </search>
        {rights.edits && (
          <Button type="primary" onClick={() => setAdding(true)}>
            {words.users.add}
          </Button>
        )}
      </header>
      <ListTable list={list} columns={columns} label={words.sections.users} empty={words.users.empty} />
      <Modal
        open={adding}
        width="min(40rem, 94vw)"
        title={words.users.add}
        footer={null}
        onCancel={() => setAdding(false)}
        destroyOnHidden
      >
        <RecordForm
          fields={[
            { name: 'username', label: words.users.username, as: 'text', required: true, max: 64 },
            ...userFields(words, shared.role),
            {
              name: 'password',
              label: words.users.password,
              as: 'password',
              required: true,
              hint: words.users.passwordHint,
            },
          ]}
          initial={{ role: 'operator' }}
          onCancel={() => setAdding(false)}
          onSubmit={async ({ areaId, ...values }) => {
            const answer = await http.post<User>('users', { ...values, ...(areaId !== null && { areaId }) })
            if (!answer.ok) return answer.problem
            setAdding(false)
            goTo(pathOf('users', answer.value.id))
            return undefined
          }}
        />
      </Modal>
    </>
  )
}

export const userFields = (
  words: RegistryWords,
  roles: Readonly<Record<Role, string>>,
  isOwn = false,
): FieldSpec[] => [
  { name: 'name', label: words.name, as: 'text', required: true, max: 100 },
  {
    name: 'role',
    label: words.users.role,
    as: 'choice',
    required: true,
    disabled: isOwn,
    options: ROLES.map(value => ({ value, label: roles[value] })),
  },
  { name: 'areaId', label: words.area, as: 'area', disabled: isOwn },
]

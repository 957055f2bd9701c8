// What became of a table, or would: the numbers, what is wrong first, devices that are new, then every row. Secrets that
// were told once stand above all that, and go when somebody says that they are kept.

import { Button, Checkbox, Table } from 'antd'
import { useState } from 'react'
import type { ImportReport } from '../../../model/import.ts'
import { Card } from '../parts/settled.tsx'
import { useRegistryWords } from '../words.ts'
import { saveTable } from './import-part.tsx'
import { errorsTable, type NewDevice, secretsTable } from './tables.ts'

const PAGE_ROWS = 20

export function Report({ report }: { report: ImportReport }) {
  const words = useRegistryWords()
  const said = words.import
  const { dryRun, counts, encoding, columns, errors, devices } = report
  const ignored = columns.filter(({ field, name }) => field === null && name !== '').map(({ name }) => name)
  return (
    <section className="registry-report" aria-label={dryRun ? said.tried : said.done}>
      <Card title={dryRun ? said.tried : said.done}>
        <ul className="registry-counts" aria-live="polite">
          {(['created', 'updated', 'unchanged', 'failed'] as const).map(outcome => (
            <li key={outcome} className={`is-${outcome}`}>
              <b>{counts[outcome]}</b>
              {said.outcomes[outcome]}
            </li>
          ))}
        </ul>
        <p className="faint">
          {said.readAs(said.encodings[encoding])}
          {ignored.length > 0 && ` · ${said.ignored(ignored.join(', '))}`}
        </p>
      </Card>
      {errors.length > 0 && <Errors report={report} />}
      {dryRun && devices.length > 0 && <Secrets devices={devices} dryRun />}
      <Card title={said.rows}>
        <Table
          rowKey="row"
          size="small"
          dataSource={report.rows}
          pagination={{ pageSize: PAGE_ROWS, hideOnSinglePage: true, showSizeChanger: false }}
          columns={[
            { title: said.row, dataIndex: 'row' },
            { title: words.id, dataIndex: 'key' },
            {
              title: words.state,
              key: 'outcome',
              render: (_, { outcome }) => (
                <span className={`mark ${outcome === 'failed' ? 'is-warn' : 'is-plain'}`}>
                  {said.outcomes[outcome]}
                </span>
              ),
            },
          ]}
        />
      </Card>
    </section>
  )
}

function Errors({ report: { errors, errorCount } }: { report: ImportReport }) {
  const words = useRegistryWords()
  const said = words.import
  return (
    <Card
      title={said.errors(errorCount)}
      lead={errorCount > errors.length ? said.errorsCut(errors.length) : said.errorsLead}
      extra={
        <Button onClick={() => saveTable(said.errorsName, errorsTable(errors, said))}>
          {said.downloadErrors}
        </Button>
      }
    >
      <Table
        rowKey={({ row, column, reason }) => `${row} ${column} ${reason}`}
        size="small"
        className="registry-errors"
        dataSource={errors}
        pagination={{ pageSize: PAGE_ROWS, hideOnSinglePage: true, showSizeChanger: false }}
        columns={[
          { title: said.row, dataIndex: 'row' },
          { title: said.column, key: 'column', render: (_, { column }) => column ?? said.wholeRow },
          { title: said.reason, key: 'reason', render: (_, { reason }) => said.reasons[reason] },
          { title: said.value, key: 'value', render: (_, { value }) => value ?? '—' },
        ]}
      />
    </Card>
  )
}

type SecretsProps = { devices: readonly NewDevice[]; dryRun: boolean; onKept?: () => void }

export function Secrets({ devices, dryRun, onKept }: SecretsProps) {
  const words = useRegistryWords()
  const said = words.import
  const [kept, setKept] = useState(false)
  const save = () =>
    saveTable(
      said.secretsName,
      secretsTable(devices, { row: said.row, id: words.devices.secretUser, secret: words.devices.secret }),
    )
  return (
    <Card
      title={said.secrets(devices.length)}
      lead={dryRun ? said.secretsTried : said.secretsLead}
      extra={
        !dryRun && (
          <Button type="primary" onClick={save}>
            {said.downloadSecrets}
          </Button>
        )
      }
    >
      <Table
        rowKey="deviceId"
        size="small"
        dataSource={[...devices]}
        pagination={{ pageSize: PAGE_ROWS, hideOnSinglePage: true, showSizeChanger: false }}
        columns={[
          { title: said.row, dataIndex: 'row' },
          { title: words.devices.secretUser, dataIndex: 'deviceId' },
          ...(dryRun
            ? []
            : [
                {
                  title: words.devices.secret,
                  key: 'secret',
                  render: (_: unknown, { secret }: NewDevice) => <code>{secret}</code>,
                },
              ]),
        ]}
      />
      {onKept && (
        // The browser may have refused the download: only a person knows that they have it.
        <div className="registry-form-foot">
          <Checkbox checked={kept} onChange={event => setKept(event.target.checked)}>
            {words.devices.secretKept}
          </Checkbox>
          <Button disabled={!kept} onClick={onKept} className="registry-secret-close">
            {words.close}
          </Button>
        </div>
      )}
    </Card>
  )
}

// Brings in a table: choose a file, see what would become of each row, then have it done. Secrets that it told wait here
// until somebody says that they are kept, whatever is opened or brought in meanwhile.

import { Button, Segmented } from 'antd'
import { useId, useRef, useState } from 'react'
import {
  IMPORT_BYTES_MAX,
  IMPORT_ROWS_MAX,
  type ImportFault,
  type ImportNoun,
  type ImportReport,
} from '../../../model/import.ts'
import { saveFile } from '../../shell/download.ts'
import type { Problem } from '../../shell/http.ts'
import { useHttp } from '../../shell/http-context.ts'
import { useWords } from '../../shell/language.tsx'
import { refusal } from '../../shell/refusals.ts'
import { unkept, useUnkept } from '../../shell/unkept.ts'
import { queryOf } from '../answers.ts'
import { AreaSelect } from '../parts/area-select.tsx'
import { Card } from '../parts/settled.tsx'
import { useRegistry } from '../registry-context.ts'
import { useRegistryWords } from '../words.ts'
import type { RegistryWords } from '../words.zh.ts'
import { Report, Secrets } from './report.tsx'
import { templateOf, toldBy, toWrite } from './tables.ts'

type State =
  | { is: 'choosing' }
  | { is: 'busy'; dryRun: boolean }
  | { is: 'told'; report: ImportReport }
  | { is: 'refused'; problem: Problem; unsure: boolean }

const MB = 2 ** 20

export function ImportPart() {
  const words = useRegistryWords()
  const http = useHttp()
  const { reloadAreas } = useRegistry()
  const said = words.import
  const [noun, setNoun] = useState<ImportNoun>('residents')
  const [areaId, setAreaId] = useState<string>()
  const [file, setFile] = useState<File>()
  const [state, setState] = useState<State>({ is: 'choosing' })
  const waiting = useUnkept().filter(({ from }) => from === 'import')

  function anew(change: () => void): void {
    change()
    setState({ is: 'choosing' })
  }

  async function bring(dryRun: boolean): Promise<void> {
    if (!file) return
    setState({ is: 'busy', dryRun })
    const answer = await http.postCsv<ImportReport>(`import/${noun}${queryOf({ dryRun, areaId })}`, file)
    if (!answer.ok) {
      const isAway = answer.problem.code === 'UNREACHABLE'
      return setState({ is: 'refused', problem: answer.problem, unsure: !dryRun && isAway })
    }
    const report = answer.value
    unkept.add({ from: 'import', devices: toldBy(report) })
    setState({ is: 'told', report })
    if (!dryRun) await reloadAreas()
  }

  const busy = state.is === 'busy'
  const tooLarge = file !== undefined && file.size > IMPORT_BYTES_MAX
  const report = state.is === 'told' ? state.report : undefined
  const isTried = report?.dryRun === true
  return (
    <>
      <header className="registry-head">
        <h1>{words.sections.import}</h1>
      </header>
      <Card title={said.what} lead={said.lead}>
        <div className="registry-import">
          <Segmented
            aria-label={said.what}
            value={noun}
            disabled={busy}
            onChange={chosen => anew(() => setNoun(chosen))}
            options={(['residents', 'devices'] as const).map(value => ({ value, label: said.nouns[value] }))}
          />
          <Button onClick={() => saveTable(said.templateName[noun], templateOf(noun))}>
            {said.template}
          </Button>
        </div>
        <div className="registry-import">
          <span>{said.area}</span>
          <AreaSelect
            value={areaId}
            onChange={chosen => anew(() => setAreaId(chosen))}
            allowClear
            placeholder={said.areaOwn}
            label={said.area}
            disabled={busy}
          />
        </div>
        <FileField file={file} disabled={busy} onChosen={chosen => anew(() => setFile(chosen))} />
        {tooLarge && <p className="form-problem">{said.tooLarge(IMPORT_BYTES_MAX / MB)}</p>}
        <div className="registry-import">
          <Button
            type={isTried ? 'default' : 'primary'}
            className="registry-try"
            disabled={!file || tooLarge}
            loading={busy && state.dryRun}
            onClick={() => void bring(true)}
          >
            {busy && state.dryRun ? said.trying : said.try}
          </Button>
          {((report && isTried && toWrite(report) > 0) || (busy && !state.dryRun)) && (
            <Button
              type="primary"
              className="registry-bring"
              loading={busy}
              onClick={() => void bring(false)}
            >
              {report ? said.do(toWrite(report)) : said.importing}
            </Button>
          )}
          {report && isTried && toWrite(report) === 0 && <span>{said.nothingToDo}</span>}
        </div>
        {state.is === 'refused' && <Refused problem={state.problem} unsure={state.unsure} />}
      </Card>
      {waiting.length > 0 && (
        <section className="registry-report" aria-label={words.devices.secret}>
          {waiting.map(told => (
            <Secrets
              key={told.devices[0]?.deviceId}
              devices={told.devices}
              dryRun={false}
              onKept={() => unkept.forget(told)}
            />
          ))}
        </section>
      )}
      {report && <Report report={report} />}
    </>
  )
}

export const saveTable = (name: string, table: string): void =>
  saveFile(`${name}.csv`, new Blob([table], { type: 'text/csv;charset=utf-8' }))

function FileField({
  file,
  disabled,
  onChosen,
}: {
  file: File | undefined
  disabled: boolean
  onChosen(file: File): void
}) {
  const { import: said } = useRegistryWords()
  const id = useId()
  const field = useRef<HTMLInputElement>(null)
  return (
    <div className="registry-import">
      <input
        ref={field}
        id={id}
        type="file"
        accept=".csv,.txt,text/csv"
        className="registry-file"
        aria-label={said.choose}
        disabled={disabled}
        onChange={event => {
          const chosen = event.target.files?.[0]
          // The same file, mended, is chosen again: without this the browser would not say so.
          event.target.value = ''
          if (chosen) onChosen(chosen)
        }}
      />
      <Button disabled={disabled} tabIndex={-1} aria-hidden onClick={() => field.current?.click()}>
        {said.choose}
      </Button>
      {file ? (
        <strong className="registry-file-name">{said.chosen(file.name, Math.ceil(file.size / 1_024))}</strong>
      ) : (
        <span className="faint">{said.limits(IMPORT_ROWS_MAX, IMPORT_BYTES_MAX / MB)}</span>
      )}
    </div>
  )
}

function Refused({ problem, unsure }: { problem: Problem; unsure: boolean }) {
  const words = useRegistryWords()
  const shared = useWords()
  return (
    <p className="form-problem" role="alert">
      {unsure ? words.import.unsure : (sayFault(problem, words) ?? refusal(problem, shared))}
    </p>
  )
}

/** What is wrong with the file as a whole, with the hub's own words for which column or line. */
function sayFault({ errors, detail }: Problem, { import: said }: RegistryWords): string | undefined {
  const name = errors?.find(({ path }) => path.startsWith('file.'))?.path.slice('file.'.length)
  if (name === undefined || !Object.hasOwn(said.faults, name)) return undefined
  return `${said.faults[name as ImportFault]} ${detail ?? ''}`.trim()
}

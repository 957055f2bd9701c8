// A form for one thing of the registry, from a table of its fields: labels, rules, and what the hub says is wrong with
// which field, beside that field. What was typed stays whatever the answer is.

import { Button, Form, Input, InputNumber, Select, Switch } from 'antd'
import { type ReactElement, type ReactNode, useState } from 'react'
import type { Problem } from '../../shell/http.ts'
import { useWords } from '../../shell/language.tsx'
import { fieldProblems } from '../answers.ts'
import { formDrafts, keepChanged } from '../form-drafts.ts'
import { type Said, sayFieldError, sayProblem } from '../said.ts'
import { useRegistryWords } from '../words.ts'
import { AreaSelect } from './area-select.tsx'
import type { FieldSpec, Values } from './field-spec.ts'
import { HubSaid, Refused } from './refused.tsx'

type Props = {
  fields: readonly FieldSpec[]
  initial: Values
  submit?: string
  /** Returns why it was refused; undefined when it was taken. */
  onSubmit(values: Values): Promise<Problem | undefined>
  onCancel?: (() => void) | undefined
  danger?: boolean
  /** Under this name what was typed is kept until it is saved or cancelled. */
  draft?: string
}

export function RecordForm(props: Props) {
  const { fields, initial, submit, onSubmit, onCancel, danger = false, draft } = props
  const words = useRegistryWords()
  const shared = useWords()
  const [form] = Form.useForm<Values>()
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Said>()
  const [wrong, setWrong] = useState<ReadonlyMap<string, Said>>(NONE_WRONG)
  const [kept, setKept] = useState(() => (draft === undefined ? undefined : formDrafts.of(draft)))

  function forget(): void {
    if (draft !== undefined) formDrafts.drop(draft)
    setKept(undefined)
  }

  async function finish(typed: Values): Promise<void> {
    setBusy(true)
    setRefused(undefined)
    setWrong(NONE_WRONG)
    const problem = await onSubmit(Object.fromEntries(fields.map(({ name }) => [name, plain(typed[name])])))
    setBusy(false)
    if (problem) tell(problem)
    else forget()
  }

  function cancel(): void {
    forget()
    onCancel?.()
  }

  function tell(problem: Problem): void {
    const { fields: found, rest } = fieldProblems(
      problem,
      fields.map(({ name }) => name),
    )
    const told = new Map([...found].map(([name, error]) => [name, sayFieldError(error, words)]))
    setWrong(told)
    form.setFields([...told].map(([name, { text }]) => ({ name, errors: [text] })))
    const [first] = told.keys()
    if (first !== undefined) form.getFieldInstance(first)?.focus?.()
    if (rest.length > 0 || told.size === 0) setRefused(sayProblem(problem, { shared, words, about: rest }))
  }

  return (
    <Form<Values>
      form={form}
      layout="vertical"
      className="registry-form"
      initialValues={{ ...initial, ...kept }}
      onValuesChange={(changed: Values) => draft !== undefined && keepChanged(draft, changed, fields)}
      requiredMark={(label, { required }) => (
        <>
          {label}
          {required && <span aria-hidden> *</span>}
        </>
      )}
      onFinish={typed => void finish(typed)}
      scrollToFirstError={{ focus: true }}
    >
      {kept && (
        <p className="registry-said" role="status">
          {words.draftKept}
        </p>
      )}
      <div className="registry-fields">
        {fields.map(field => (
          <Form.Item
            key={field.name}
            name={field.name}
            label={field.label}
            extra={hintOf(field, wrong.get(field.name))}
            className={field.wide || field.as === 'long' ? 'is-wide' : ''}
            {...(field.as === 'yes' && { valuePropName: 'checked' })}
            {...(field.required && { rules: [{ required: true, message: words.required }] })}
          >
            {partOf(field, words.none)}
          </Form.Item>
        ))}
      </div>
      {refused && <Refused said={refused} />}
      <div className="registry-form-foot">
        {onCancel && <Button onClick={cancel}>{words.cancel}</Button>}
        <Button type="primary" htmlType="submit" danger={danger} loading={busy} className="registry-submit">
          {submit ?? words.save}
        </Button>
      </div>
    </Form>
  )
}

const NONE_WRONG: ReadonlyMap<string, Said> = new Map()

const hintOf = ({ hint }: FieldSpec, wrong: Said | undefined): ReactNode =>
  wrong?.hubSaid === undefined ? (
    hint
  ) : (
    <>
      {hint}
      <HubSaid text={wrong.hubSaid} />
    </>
  )

/** What was left blank is not given. */
const plain = (value: unknown): unknown => {
  if (typeof value === 'string' && value.trim() === '') return null
  return value ?? null
}

function partOf(field: FieldSpec, none: string): ReactElement {
  const { as, max, min, placeholder, disabled = false } = field
  const given = { disabled, ...(placeholder !== undefined && { placeholder }) }
  switch (as) {
    case 'long':
      return <Input.TextArea rows={3} {...(max && { maxLength: max })} {...given} />
    case 'number':
      return <InputNumber min={min ?? 0} {...(max && { max })} {...given} />
    case 'choice':
      return (
        <Select
          options={[...(field.options ?? [])]}
          allowClear={!field.required}
          showSearch={{ optionFilterProp: 'label' }}
          placeholder={placeholder ?? (field.required ? '' : none)}
          disabled={disabled}
        />
      )
    case 'yes':
      return <Switch disabled={disabled} />
    case 'time':
      return <Input type="time" {...given} />
    case 'day':
      return <Input type="date" {...given} />
    case 'area':
      return <AreaSelect disabled={disabled} />
    case 'password':
      return <Input.Password autoComplete="new-password" {...given} />
    case 'own':
      return field.part ?? <span />
    default:
      return <Input {...(max && { maxLength: max })} {...given} spellCheck={false} autoComplete="off" />
  }
}

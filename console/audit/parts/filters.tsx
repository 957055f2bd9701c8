// What is looked for. Texts count once they are sent, choices at once.

import { Button } from 'antd'
import { type Asked, NOTHING_ASKED } from '../asked.ts'
import { useAuditWords } from '../words.ts'

type Props = {
  asked: Asked
  /** By id; of nobody where ids are all that is known. */
  people: ReadonlyMap<string, string>
  wrong: boolean
  onChange(asked: Asked): void
  onAsk(asked: Asked): void
}

export function Filters({ asked, people, wrong, onChange, onAsk }: Props) {
  const words = useAuditWords()
  const type = (name: keyof Asked) => (value: string) => onChange({ ...asked, [name]: value })
  const choose = (name: keyof Asked) => (value: string) => onAsk({ ...asked, [name]: value })
  return (
    <form
      className="filters audit-filters"
      aria-label={words.list}
      onSubmit={event => {
        event.preventDefault()
        onAsk(asked)
      }}
    >
      <Line label={words.from} type="date" value={asked.first} onValue={choose('first')} />
      <Line label={words.to} type="date" value={asked.last} onValue={choose('last')} />
      {people.size > 0 ? (
        <Choice
          label={words.actor}
          value={asked.actorId}
          any={words.everybody}
          options={people}
          onValue={choose('actorId')}
        />
      ) : (
        <Line label={words.actorId} value={asked.actorId} onValue={type('actorId')} />
      )}
      <Line label={words.action} value={asked.action} hint={words.actionHint} onValue={type('action')} />
      <Choice
        label={words.targetType}
        value={asked.targetType}
        any={words.anyTarget}
        options={new Map(Object.entries(words.targets))}
        onValue={choose('targetType')}
      />
      <Line label={words.targetId} value={asked.targetId} onValue={type('targetId')} />
      <Button type="primary" htmlType="submit">
        {words.search}
      </Button>
      <Button onClick={() => onAsk(NOTHING_ASKED)}>{words.clear}</Button>
      {wrong && (
        <p className="audit-wrong" role="alert">
          {words.wrongDays}
        </p>
      )}
    </form>
  )
}

type LineProps = {
  label: string
  value: string
  type?: 'text' | 'date'
  hint?: string
  onValue(value: string): void
}

const Line = ({ label, value, type = 'text', hint, onValue }: LineProps) => (
  <label>
    <span>{label}</span>
    <input
      type={type}
      value={value}
      placeholder={hint}
      maxLength={200}
      spellCheck={false}
      autoComplete="off"
      onChange={event => onValue(event.target.value)}
    />
  </label>
)

type ChoiceProps = {
  label: string
  value: string
  any: string
  options: ReadonlyMap<string, string>
  onValue(value: string): void
}

const Choice = ({ label, value, any, options, onValue }: ChoiceProps) => (
  <label>
    <span>{label}</span>
    <select value={value} onChange={event => onValue(event.target.value)}>
      <option value="">{any}</option>
      {[...options].map(([id, name]) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  </label>
)

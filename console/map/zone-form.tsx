// The fields of a zone beside its map.

import { useId } from 'react'
import { NumberField } from './number-field.tsx'
import { useMapWords } from './words.ts'
import { type Draft, type DraftShape, emptyShape, SHAPE_KINDS, type ShapeKind } from './zone-draft.ts'
import { ZonePoints } from './zone-points.tsx'
import { ZoneSchedule } from './zone-schedule.tsx'

type Props = { draft: Draft; onDraft: (draft: Draft) => void; onAddMiddle: () => void }

const ZONE_KINDS = ['safe', 'danger'] as const

export function ZoneForm({ draft, onDraft, onAddMiddle }: Props) {
  const { zone: words } = useMapWords()
  const id = useId()
  const { name, kind, shape, dwellMs, schedule } = draft
  const onShape = (next: DraftShape): void => onDraft({ ...draft, shape: next })
  return (
    <>
      <label htmlFor={id}>{words.name}</label>
      <input
        id={id}
        className="zone-name"
        maxLength={120}
        value={name}
        onChange={event => onDraft({ ...draft, name: event.target.value })}
      />
      <Choice
        legend={words.kind}
        of={ZONE_KINDS}
        names={words.kinds}
        chosen={kind}
        onChoose={next => onDraft({ ...draft, kind: next })}
      />
      <Choice
        legend={words.shape}
        of={SHAPE_KINDS}
        names={words.shapes}
        chosen={shape.kind}
        onChoose={next => next !== shape.kind && onShape(emptyShape(next))}
      />
      <p className="faint">{words.howTo[shape.kind]}</p>
      <Size shape={shape} onShape={onShape} />
      <ZonePoints shape={shape} onShape={onShape} onAddMiddle={onAddMiddle} />
      <NumberField
        label={words.dwell}
        value={dwellMs / 1_000}
        min={0}
        max={3_600}
        step={10}
        onChange={seconds => onDraft({ ...draft, dwellMs: Math.round(seconds * 1_000) })}
      />
      <ZoneSchedule schedule={schedule} onChange={next => onDraft({ ...draft, schedule: next })} />
    </>
  )
}

function Size({ shape, onShape }: { shape: DraftShape; onShape: (shape: DraftShape) => void }) {
  const { zone: words } = useMapWords()
  if (shape.kind === 'polygon') return null
  if (shape.kind === 'circle') {
    const { radiusM } = shape
    return (
      <NumberField
        label={words.radius}
        value={radiusM}
        min={1}
        max={500_000}
        step={1}
        onChange={value => onShape({ ...shape, radiusM: value })}
      />
    )
  }
  const { widthM } = shape
  return (
    <NumberField
      label={words.width}
      value={widthM}
      min={1}
      max={10_000}
      step={1}
      onChange={value => onShape({ ...shape, widthM: value })}
    />
  )
}

type ChoiceProps<T extends string> = {
  legend: string
  of: readonly T[]
  names: Readonly<Record<T, string>>
  chosen: T
  onChoose: (one: T) => void
}

function Choice<T extends string | ShapeKind>({ legend, of, names, chosen, onChoose }: ChoiceProps<T>) {
  const name = useId()
  return (
    <fieldset className="zone-choice">
      <legend>{legend}</legend>
      {of.map(one => (
        <label key={one}>
          <input type="radio" name={name} checked={one === chosen} onChange={() => onChoose(one)} />{' '}
          {names[one]}
        </label>
      ))}
    </fieldset>
  )
}

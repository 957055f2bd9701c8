// The points of a zone as numbers: everything that the mouse can do on the map, by keyboard.

import type { Position } from '../../model/zone.ts'
import { NumberField } from './number-field.tsx'
import { useMapWords } from './words.ts'
import { type DraftShape, pointsOf, withoutPoint, withPointAt } from './zone-draft.ts'

type Props = { shape: DraftShape; onShape: (shape: DraftShape) => void; onAddMiddle: () => void }

export function ZonePoints({ shape, onShape, onAddMiddle }: Props) {
  const { zone: words } = useMapWords()
  const points = pointsOf(shape)
  const nameOf = (index: number): string => (shape.kind === 'circle' ? words.center : words.point(index + 1))
  return (
    <fieldset className="zone-points">
      <legend>{shape.kind === 'circle' ? words.center : words.points}</legend>
      {points.length === 0 && <p className="faint">{words.noPoints}</p>}
      <ol>
        {points.map((point, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a point has no name but its place in the order
          <li key={index}>
            <Point
              name={nameOf(index)}
              point={point}
              onMove={place => onShape(withPointAt(shape, index, place))}
              onRemove={() => onShape(withoutPoint(shape, index))}
            />
          </li>
        ))}
      </ol>
      <button type="button" className="plain-button zone-add" onClick={onAddMiddle}>
        {words.addMiddle}
      </button>
      {shape.kind === 'polygon' && shape.holes.length > 0 && (
        <p>
          {words.holes(shape.holes.length)}
          <button type="button" className="plain-button" onClick={() => onShape({ ...shape, holes: [] })}>
            {words.removeHoles}
          </button>
        </p>
      )}
    </fieldset>
  )
}

type PointProps = { name: string; point: Position; onMove: (place: Position) => void; onRemove: () => void }

function Point({ name, point: [lon, lat], onMove, onRemove }: PointProps) {
  const { zone: words } = useMapWords()
  return (
    <>
      <span className="zone-point-name">{name}</span>
      <NumberField
        label={`${name} ${words.latitude}`}
        isBare
        value={lat}
        min={-90}
        max={90}
        step="any"
        onChange={value => onMove([lon, value])}
      />
      <NumberField
        label={`${name} ${words.longitude}`}
        isBare
        value={lon}
        min={-180}
        max={180}
        step="any"
        onChange={value => onMove([value, lat])}
      />
      <button
        type="button"
        className="plain-button"
        aria-label={words.remove(name)}
        title={words.remove(name)}
        onClick={onRemove}
      >
        ×
      </button>
    </>
  )
}

// The fields of an elder's form: one table.

import type { Resident } from '../../../model/resident.ts'
import type { FieldSpec } from '../parts/field-spec.ts'
import type { RegistryWords } from '../words.zh.ts'
import { type HIDEABLE, hiddenOf } from './resident-values.ts'

export function residentFields(words: RegistryWords, resident?: Resident): FieldSpec[] {
  const said = words.residents
  const fields: FieldSpec[] = [
    { name: 'name', label: words.name, as: 'text', required: true, max: 100 },
    { name: 'areaId', label: words.area, as: 'area' },
    {
      name: 'gender',
      label: said.gender,
      as: 'choice',
      options: [
        { value: 'female', label: said.genders.female },
        { value: 'male', label: said.genders.male },
      ],
    },
    { name: 'birthYear', label: said.birthYear, as: 'number', min: 1900, max: 2100 },
    { name: 'phone', label: said.phone, as: 'text', max: 32 },
    { name: 'timeZone', label: said.timeZone, as: 'text', required: true, max: 64 },
    { name: 'address', label: said.address, as: 'long', max: 300 },
    { name: 'accessNotes', label: said.accessNotes, as: 'long', max: 2_000, hint: said.accessNotesHint },
    { name: 'medicalNotes', label: said.medicalNotes, as: 'long', max: 2_000 },
    { name: 'wandering', label: said.wandering, as: 'yes' },
    { name: 'livesAlone', label: said.livesAlone, as: 'yes' },
    { name: 'wakingFrom', label: said.wakingFrom, as: 'time', required: true },
    { name: 'wakingTo', label: said.wakingTo, as: 'time', required: true },
    { name: 'checkInBy', label: said.checkInBy, as: 'time', hint: said.checkInByHint },
    { name: 'awayUntil', label: said.awayUntil, as: 'day', hint: said.awayUntilHint },
  ]
  if (resident === undefined) return fields
  const hidden = new Set<string>(hiddenOf(resident))
  return fields.map(field =>
    hidden.has(field.name)
      ? {
          ...field,
          placeholder: `${resident[field.name as (typeof HIDEABLE)[number]]} · ${words.reveal.keep}`,
        }
      : field,
  )
}

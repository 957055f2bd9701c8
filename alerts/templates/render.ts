// Messages from tables of words: a template names its values in braces, and the compiler asks for just these.
//
//   template := { title: text, lines: [line …] }
//   line     := text, or { when: value, say: text }, which is left out where that value is null
//   text     := words with {value}
//
// A value that is missing all the same, or empty, is a refusal by name: nobody reads "undefined" in an emergency.

import type { Language } from '../../model/channel.ts'
import { ChannelError } from '../channels/channel.ts'
import { cut, isolated, plainLine } from './plain.ts'
import { wordsEn } from './words.en.ts'
import { wordsZh } from './words.zh.ts'

export const TEMPLATE_NAMES = ['alarm', 'waiting', 'dispatch', 'ended', 'test'] as const
export type TemplateName = (typeof TEMPLATE_NAMES)[number]

export type Line = string | { readonly when: string; readonly say: string }
export type Template = { readonly title: string; readonly lines: readonly Line[] }

type Tables = typeof wordsZh | typeof wordsEn
const TABLES: { zh: typeof wordsZh; en: typeof wordsEn } = { zh: wordsZh, en: wordsEn }

/** The names in the braces of a text. */
type Places<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Places<Rest> : never
type When<L> = L extends { when: infer Name extends string } ? Name : never
type Said<L> = L extends { say: infer Text } ? Places<Text> : Places<L>
type Needed<T extends Template> = Places<T['title']> | Said<T['lines'][number]>
type Perhaps<T extends Template> = When<T['lines'][number]>

/** What a template asks for, in every language: texts, and null for what there is not. */
export type TemplateValues<N extends TemplateName> = {
  readonly [Name in Exclude<Needed<Tables[N]>, Perhaps<Tables[N]>>]: string
} & { readonly [Name in Perhaps<Tables[N]>]: string | null }

export type Rendered = {
  template: TemplateName
  language: Language
  title: string
  text: string
  /** Those that the words hold. */
  values: Record<string, string>
}

/** A value has room for a sentence; a title is one line of a telephone. */
const VALUE_MAX = 300
const TITLE_MAX = 120

/** What came of programs that went wrong, and never of people. */
const NONSENSE: ReadonlySet<string> = new Set(['', 'undefined', 'null', 'NaN', '[object Object]'])

/** @throws ChannelError value_missing, which names the value. */
export function render<N extends TemplateName>(
  template: N,
  language: Language,
  given: TemplateValues<N>,
): Rendered {
  const { title, lines }: Template = TABLES[language][template]
  const values = plainValues(given)
  const used: Record<string, string> = {}
  const said = lines.filter(line => typeof line === 'string' || values[line.when] !== undefined)
  const fillIn = (text: string): string => fill(text, { values, used, name: `${template}.${language}` })
  return {
    template,
    language,
    title: cut(fillIn(title), TITLE_MAX),
    text: said.map(line => fillIn(typeof line === 'string' ? line : line.say)).join('\n'),
    values: used,
  }
}

function plainValues(given: Readonly<Record<string, string | null | undefined>>): Record<string, string> {
  const written = Object.entries(given).map(([name, value]) => [
    name,
    plainLine(String(value ?? ''), VALUE_MAX),
  ])
  return Object.fromEntries(written.filter(([, value]) => !NONSENSE.has(String(value))))
}

type Filling = { values: Readonly<Record<string, string>>; used: Record<string, string>; name: string }

function fill(text: string, { values, used, name }: Filling): string {
  return text.replaceAll(/\{(\w+)\}/g, (_, place: string) => {
    const value = Object.hasOwn(values, place) ? values[place] : undefined
    if (value === undefined) {
      throw new ChannelError('value_missing', `the value ${place} of ${name} is missing`)
    }
    used[place] = value
    return isolated(value)
  })
}

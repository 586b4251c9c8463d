import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { NodeTypes, parse as parseTemplate, type AttributeNode, type DirectiveNode, type TemplateChildNode } from '@vue/compiler-dom'
import { parse } from 'vue/compiler-sfc'
import { describe, expect, it } from 'vitest'
import { en } from '@/i18n/en'
import { zh } from '@/i18n/zh'

const SRC = join(__dirname, '../../src')
const HAN = /\p{Script=Han}/u
const LETTERS = /\p{L}/u

function flat(node: object, prefix = ''): Map<string, string> {
  const found = new Map<string, string>()
  for (const [key, value] of Object.entries(node)) {
    const path = prefix ? `${prefix}.${key}` : key
    if (typeof value === 'string') found.set(path, value)
    else for (const [inner, text] of flat(value as object, path)) found.set(inner, text)
  }
  return found
}

function files(folder: string, ending: RegExp): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? files(path, ending) : ending.test(name) ? [path] : []
  })
}

const chinese = flat(zh)
const english = flat(en)
const places = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort()

describe('translations', () => {
  it('has every key in both languages', () => {
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort())
  })

  it('leaves no text empty', () => {
    for (const [key, text] of [...chinese, ...english]) expect(text.trim(), key).not.toBe('')
  })

  it('fills the same places in both languages', () => {
    for (const [key, text] of chinese) expect(places(english.get(key) ?? ''), key).toEqual(places(text))
  })

  it('writes English without Chinese (but for the switch of the language)', () => {
    for (const [key, text] of english) if (!key.startsWith('app.language')) expect(HAN.test(text), `${key}: ${text}`).toBe(false)
  })
})

const SPOKEN = new Set(['title', 'aria-label', 'placeholder', 'alt', 'label', 'content', 'aria-description'])

function literals(nodes: TemplateChildNode[]): string[] {
  return nodes.flatMap((node): string[] => {
    if (node.type === NodeTypes.TEXT) return LETTERS.test(node.content) ? [node.content.trim()] : []
    if (node.type === NodeTypes.INTERPOLATION) {
      return node.content.type === NodeTypes.SIMPLE_EXPRESSION && HAN.test(node.content.content) ? [node.content.content] : []
    }
    if (node.type === NodeTypes.ELEMENT) {
      if (node.tag === 'kbd') return []
      const own = node.props.flatMap((prop: AttributeNode | DirectiveNode): string[] => {
        if (prop.type === NodeTypes.ATTRIBUTE) {
          return SPOKEN.has(prop.name) && prop.value && LETTERS.test(prop.value.content) ? [prop.value.content] : []
        }
        const text = prop.exp?.type === NodeTypes.SIMPLE_EXPRESSION ? prop.exp.content : ''
        return HAN.test(text) ? [text] : []
      })
      return [...own, ...literals(node.children)]
    }
    return []
  })
}

describe('templates', () => {
  const components = files(SRC, /\.vue$/)

  it.each(components.map((path) => [relative(SRC, path), path]))('%s holds no literal words', (_, path) => {
    const source = readFileSync(path, 'utf8')
    const template = parse(source).descriptor.template
    if (template) expect(literals(parseTemplate(template.content).children)).toEqual([])
  })
})

describe('blanks', () => {
  it('stand before an element, not at its beginning, where Vue takes them away', () => {
    const eaten = /<(?:span|small|template|b|em|strong|code)(?:\s+[^\s=<>"]+(?:="[^"]*")?)*\s*> \{\{/
    const guilty = files(SRC, /\.vue$/).filter((path) => eaten.test(readFileSync(path, 'utf8')))
    expect(guilty.map((path) => relative(SRC, path))).toEqual([])
  })
})

describe('code', () => {
  it('holds no Chinese outside the translations', () => {
    const guilty = files(SRC, /\.(ts|vue)$/)
      .filter((path) => !relative(SRC, path).startsWith('i18n'))
      .filter((path) => HAN.test(readFileSync(path, 'utf8')))
    expect(guilty.map((path) => relative(SRC, path))).toEqual([])
  })

  it('lists things with the comma of the language', () => {
    const joined = /join\('[^']*[\u3000-\u303f\uff00-\uffef][^']*'\)(?!\.includes)/
    const guilty = files(SRC, /\.(ts|vue)$/).filter((path) => joined.test(readFileSync(path, 'utf8')))
    expect(guilty.map((path) => relative(SRC, path))).toEqual([])
  })

  it('asks only for keys that exist', () => {
    const asked = /\bt\('([a-z_0-9]+(?:\.\w+)+)'/g
    for (const path of files(SRC, /\.(ts|vue)$/)) {
      for (const [, key] of readFileSync(path, 'utf8').matchAll(asked)) {
        expect(chinese.has(key ?? ''), `${relative(SRC, path)}: ${key}`).toBe(true)
      }
    }
  })

  it('ships no lock file with registry addresses', () => {
    const lock = join(SRC, '../package-lock.json')
    expect(existsSync(lock)).toBe(true)
    expect(readFileSync(lock, 'utf8')).not.toMatch(/"resolved"|registry\./)
  })
})

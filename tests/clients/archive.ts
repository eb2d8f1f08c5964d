// A client as a person would write it: every name and type below comes from the description of the API.
import type { components, operations, paths } from "./schema";

type Page = paths["/search"]["get"]["responses"]["200"]["content"]["application/json"];
type Query = NonNullable<operations["search"]["parameters"]["query"]>;
type Problem = components["schemas"]["Problem"];

async function ask<Answer>(api: string, path: keyof paths, query: Query, key: string): Promise<Answer> {
  const written = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const each of Array.isArray(value) ? value : [value]) written.append(name, String(each));
  }
  const answer = await fetch(`${api}${path}?${written}`, { headers: { "x-api-key": key } });
  if (!answer.ok) {
    const problem = (await answer.json()) as Problem;
    throw new Error(`${problem.code}: ${problem.detail}`);
  }
  return (await answer.json()) as Answer;
}

export async function titles(api: string, key: string): Promise<string[]> {
  const query: Query = { q: "homs", type: "article", source: ["naharnet"], limit: 5 };
  const page = await ask<Page>(api, "/search", query, key);
  const found: string[] = [];
  for (const result of page.results) {
    const comments: number = result.matching_comments?.total ?? 0;
    const date: string | undefined = result.article.published_at?.value;
    found.push(`${result.article.title ?? ""} (${date ?? "undated"}, ${comments})`);
  }
  const next: string | null = page.next;
  return next === null ? found : [...found, next];
}

export async function months(api: string, key: string): Promise<Map<string, number>> {
  type Timeline = operations["get_timeline"]["responses"]["200"]["content"]["application/json"];
  const { timeline } = await ask<Timeline>(api, "/timeline", { q: "homs", timeline: "month" }, key);
  return new Map(timeline.map((step): [string, number] => [step.from, step.count]));
}

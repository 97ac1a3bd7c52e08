"""A person before a browser, who notices what a page should not do, and the questions put to every page."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import gettempdir
from types import TracebackType
from typing import Any, Literal

from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}

#: Latin words that a Chinese office reads every day: names of file formats and of their kind
KNOWN = frozenset({
    "excel", "pdf", "word", "csv", "mb", "kb", "gb", "ab", "ip", "xls", "xlsx", "doc", "docx", "txt", "et", "wps", "ofd",
    "jpg", "jpeg", "png", "tif", "mp", "wav", "sm", "sha", "json", "https",
})  # fmt: skip

#: asked of every page: what a reader of any kind would stumble over
QUESTIONS = """() => {
  const seen = e => !!(e.offsetWidth || e.offsetHeight || e.getClientRects().length);
  const short = e => e.outerHTML.slice(0, 140);
  const words = e => (e.innerText || e.textContent || '').trim();
  const named = e => words(e) || e.getAttribute('aria-label') || e.title || [...e.querySelectorAll('img')].some(i => i.alt);
  const labelled = e => (e.labels && e.labels.length) || e.getAttribute('aria-label') || e.getAttribute('aria-labelledby') || e.title;
  const found = [];
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide > 1) found.push('scrolls sideways by ' + wide + ': ' + [...document.querySelectorAll('main *')].filter(e => seen(e) && e.getBoundingClientRect().right > innerWidth + 1).slice(0, 2).map(short).join(' | '));
  if (document.documentElement.lang !== 'zh-CN') found.push('lang ' + document.documentElement.lang);
  const heads = [...document.querySelectorAll('h1')].filter(seen);
  if (heads.length !== 1) found.push('h1: ' + heads.length);
  for (const e of document.querySelectorAll('input:not([type=hidden]),select,textarea')) if (seen(e) && !e.closest('[aria-hidden=true]') && !labelled(e)) found.push('no label: ' + short(e));
  for (const e of document.querySelectorAll('a[href],button')) if (seen(e) && !named(e)) found.push('no name: ' + short(e));
  for (const e of document.querySelectorAll('img')) if (!e.hasAttribute('alt')) found.push('no alt: ' + short(e));
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
  const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
  if (twice.length) found.push('id twice: ' + [...new Set(twice)].join(' '));
  if (!document.querySelector('main')) found.push('no main');
  return found;
}"""
LATIN = r"""() => { const copy = document.body.cloneNode(true); copy.querySelectorAll('script,noscript,style,svg,code,.mono').forEach(e => e.remove());
  return [...new Set(copy.textContent.match(/(?<![\w.@-])[A-Za-z]{2,}(?![\w.@-])/g) || [])]; }"""


@dataclass
class Visitor:
    """One person's window. Console errors and failed requests are kept in `faults` until `calm` asks for them."""

    browser: Browser
    url: str
    size: dict[str, int] = field(default_factory=lambda: dict(DESK))
    faults: list[str] = field(default_factory=list)
    page: Page = field(init=False)

    def __post_init__(self) -> None:
        self.context = self.browser.new_context(
            viewport=self.size, locale="zh-CN", timezone_id="Asia/Shanghai", accept_downloads=True,  # type: ignore[arg-type]
        )  # fmt: skip
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._answered)

    def _console(self, message: ConsoleMessage) -> None:
        # the browser's own line about a refused form (4xx of the page itself) is told by `_answered`
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.faults.append(f"console: {message.text}")

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # a page left while it loads, or a download
            self.faults.append(f"failed: {request.url} {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status == 503 and re.search(r"/pages/\d+\.jpg", response.url):
            return  # a page that waits to be drawn: the picture asks again by itself
        if response.status >= 500 or (
            response.status >= 400 and not response.request.is_navigation_request()
        ):
            self.faults.append(f"{response.status}: {response.url}")

    def go(self, path: str) -> int:
        """Open PATH; the status of the answer."""
        answer = self.page.goto(path if path.startswith("http") else f"{self.url}{path}")
        return answer.status if answer else 0

    def calm(self) -> list[str]:
        """What went wrong since the last time, forgotten once told."""
        told, self.faults = self.faults, []
        return told

    def questions(self) -> list[str]:
        """What is wrong with the page as it stands in this window."""
        found: list[str] = self.page.evaluate(QUESTIONS)
        return found

    def latin(self) -> list[str]:
        """Latin words of the page that are no name known to an office."""
        return [word for word in self.page.evaluate(LATIN) if word.lower() not in KNOWN]

    def resize(self, size: dict[str, int]) -> None:
        self.page.set_viewport_size(size)  # type: ignore[arg-type]

    def picture(self, path: Path, *, full: bool = True) -> None:
        self.page.screenshot(path=path, full_page=full, animations="disabled")

    def log_in(self, username: str, password: str) -> None:
        """By the real page."""
        self.go("/org/login/")
        self.page.locator("#id_username").fill(username)
        self.page.locator("#id_password").fill(password)
        self.page.locator("#id_password").press("Enter")
        self.page.wait_for_url(lambda address: "/login/" not in address)

    def close(self) -> None:
        self.context.close()

    def __enter__(self) -> "Visitor":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> Literal[False]:
        if error is None:
            self.close()
        else:  # what was on the screen when it went wrong
            failure = Path(gettempdir()) / "e2e-failure.png"
            self.picture(failure)
            print(f"{self.page.url}: {failure}", *self.calm(), sep="\n")
            self.context.close()
        return False


def shrink(path: Path) -> None:
    """A picture for the README: 256 colours are enough for pages of text, chosen so that the few red and green dots keep theirs."""
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(
            256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE
        )
    small.save(path, optimize=True)


def links(page: Page, inside: str = "main") -> list[str]:
    """Addresses of this site that a page points to, in order, without those that only move within the page."""
    found: list[Any] = page.eval_on_selector_all(
        f"{inside} a[href]", "all => all.map(a => a.getAttribute('href'))"
    )
    return list(dict.fromkeys(one for one in found if one.startswith("/")))

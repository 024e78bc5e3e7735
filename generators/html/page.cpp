#include "generators/html/page.h"

#include <fmt/format.h>

#include "generators/html/svg.h"
#include "generators/system/whole_file.h"
#include "models/error.h"

namespace senetc::html {
namespace {

constexpr const char* kStyle = R"(
body { font: 15px/1.45 system-ui, sans-serif; color: #1a1a1a; margin: 2em auto; max-width: 1180px; padding: 0 1em; }
h1 { font-size: 1.6em; margin-bottom: 0.1em; } h2 { font-size: 1.2em; margin-top: 2em; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.1em 1.2em; } dt { color: #666; } dd { margin: 0; }
dd, td { font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
svg { width: 100%; height: auto; } svg text { font: 11px system-ui, sans-serif; fill: #333; pointer-events: none; }
svg line { stroke: #ddd; } svg rect:hover { stroke: #000; stroke-width: 1.5; }
.legend span { margin-right: 1.4em; white-space: nowrap; }
.legend i { display: inline-block; width: 0.8em; height: 0.8em; margin-right: 0.4em; }
table { border-collapse: collapse; font-size: 13px; width: 100%; }
th { text-align: left; border-bottom: 1px solid #999; } th, td { padding: 0.15em 0.7em 0.15em 0; vertical-align: top; }
tr:hover td { background: #f2f2f2; } td.n, th.n { text-align: right; white-space: nowrap; }
td.k { font: 12px/1.4 ui-monospace, monospace; } summary { cursor: pointer; margin: 1em 0 0.5em; font-weight: 600; }
)";

}  // namespace

std::string page(const std::string& title, const std::string& style, const std::string& body) {
    return fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{}</title>\n<style>{}{}</style>"
        "</head><body>\n{}</body></html>\n",
        escaped(title), kStyle, style, body);
}

void write_file(const std::string& flag, const std::string& path, const std::string& text) {
    if (const std::error_code error = write_whole(path, text))
        throw Error(fmt::format("{} {}: it can't be written ({})", flag, path, error.message()));
}

}  // namespace senetc::html

// `senet run LIB PATHS...`: decoder threads fill a bounded queue, this thread computes batches and writes rows in
// order.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>
#include <span>
#include <thread>

#include <unistd.h>

#include "runtime/cli/classify/accuracy.h"
#include "runtime/cli/commands/commands.h"
#include "runtime/cli/commands/run.h"
#include "runtime/cli/commands/run_setup.h"
#include "runtime/cli/error.h"
#include "runtime/cli/input/decoders.h"
#include "runtime/cli/input/read_file.h"
#include "runtime/cli/output/progress.h"
#include "runtime/cli/output/report.h"

namespace senet::cli {

namespace {

constexpr uint32_t accuracy_top = 5;

void print_accuracy(const Accuracy& a, std::FILE* out) {
    const auto percent = [&](uint64_t n) { return a.images ? 100.0 * double(n) / double(a.images) : 0.0; };
    fmt::print(out, "top-1 {:.2f} % ({} of {}), top-5 {:.2f} % ({} of {})\n", percent(a.top1), a.top1, a.images,
               percent(a.top5), a.top5, a.images);
    if (a.unknown == 0) return;
    fmt::print(out, "not counted: {} images in folders that name no class, e.g. '{}'\n", a.unknown, a.unknown_folder);
}

}  // namespace

// A run's parts, in the order in which they are needed.
class ImageRun {
  public:
    explicit ImageRun(const RunOptions& options);
    int run();

  private:
    struct Counts {
        uint64_t images = 0, errors = 0;
    };

    uint32_t decoder_threads() const;
    std::vector<uint8_t> decode(const std::string& path) const;
    bool fill();
    void compute();
    void write(const DecodedImage& image, std::span<const float> logits);
    int finish();

    const RunOptions& options_;
    const ReportFormat format_;
    const Model model_;
    const senet_model_v1_t& network_;
    const std::vector<std::string> labels_;
    const InputShape input_;
    const Session session_;
    const uint32_t top_;
    ImageFinder finder_;
    Decoders decoders_;

    std::optional<OutputFile> file_;
    std::unique_ptr<Report> report_;
    Progress progress_;
    AccuracyCounter accuracy_;
    Counts counts_;

    std::vector<DecodedImage> waiting_;  // in order; those without an error are the next batch
    std::vector<uint8_t> pixels_;        // [batch][height][width][3]
    std::vector<float> logits_;          // [batch][classes]
};

ImageRun::ImageRun(const RunOptions& options)
    : options_(options),
      format_(report_format(options)),
      model_(open_model(options.library, options.variant, options.device)),
      network_(*senet_model_describe(model_.get())),
      labels_(class_labels(network_, options)),
      input_(input_shape(network_, options)),
      session_(open_run_session(model_.get(), options)),
      top_(std::min(options.top, network_.classes)),
      finder_(options.paths, {options.null_separated, STDIN_FILENO}),
      decoders_([this](std::stop_token stop) { return finder_.next(stop); },
                [this](const std::string& path) { return decode(path); }, decoder_threads(),
                size_t(options.batch) * 2 + decoder_threads()),
      progress_(options.output.empty() && isatty(STDOUT_FILENO), !options.output.empty() && options.output != "-"),
      accuracy_(network_.classes),
      pixels_(options.batch * input_.bytes()),
      logits_(size_t(options.batch) * network_.classes) {}

// As many as compute; a GPU leaves the CPU to them.
uint32_t ImageRun::decoder_threads() const {
    if (!runs_on_gpu(model_.get())) return std::max(1u, senet_session_threads(session_.get()));
    return std::max(1u, options_.threads ? options_.threads : std::thread::hardware_concurrency());
}

std::vector<uint8_t> ImageRun::decode(const std::string& path) const {
    const Image image = decode_image(read_file(path), options_.max_pixels);
    std::vector<uint8_t> bytes(input_.bytes());
    to_input(image, input_, bytes.data());
    return bytes;
}

// Takes images until a batch is full. Bad ones wait with the others for their place in the order, but not many. False
// at the end.
bool ImageRun::fill() {
    waiting_.clear();
    uint32_t good = 0;
    while (good < options_.batch && waiting_.size() < size_t(options_.batch) * 2) {
        progress_.begin_wait();
        std::optional<DecodedImage> image = decoders_.next();
        progress_.end_wait();
        if (!image) break;
        if (image->error.empty()) {
            std::copy(image->pixels.begin(), image->pixels.end(),
                      pixels_.begin() + std::ptrdiff_t(good * input_.bytes()));
            image->pixels = {};
            good++;
        }
        waiting_.push_back(std::move(*image));
    }
    return !waiting_.empty();
}

void ImageRun::compute() {
    const auto good =
        uint32_t(std::count_if(waiting_.begin(), waiting_.end(), [](const auto& i) { return i.error.empty(); }));
    if (good > 0) check(senet_session_run_u8(session_.get(), good, pixels_.data(), logits_.data()));
    std::span<const float> logits(logits_);
    for (const DecodedImage& image : waiting_) {
        write(image, logits.first(network_.classes));
        if (image.error.empty() && logits.size() > network_.classes) logits = logits.subspan(network_.classes);
    }
}

// `logits`: of this image, if it has no error.
void ImageRun::write(const DecodedImage& image, std::span<const float> logits) {
    Row row{image.path, image.error, {}};
    if (row.error.empty() && !std::all_of(logits.begin(), logits.end(), [](float x) { return std::isfinite(x); })) {
        row.error = "the network's output is not finite";
    }
    if (row.error.empty()) {
        row.top = top_k(logits, std::max(top_, accuracy_top));
        if (options_.class_folders) accuracy_.add(row.path, row.top);
        row.top.resize(top_);
    }
    counts_.images++;
    counts_.errors += !row.error.empty();
    report_->row(row);
}

int ImageRun::run() {
    bool more = fill();
    if (!more) throw Error("no images found; in folders, names end with .jpg, .jpeg or .png");
    if (options_.output.empty() || options_.output == "-") {
        file_.emplace();
    } else {
        file_.emplace(options_.output);
    }
    report_ = make_report(format_, *file_, labels_, top_);
    report_->begin();
    for (; more; more = fill()) {
        compute();
        if (!file_->seekable()) file_->flush();
        progress_.update(counts_.images, counts_.errors);
    }
    return finish();
}

int ImageRun::finish() {
    report_->end();
    file_->commit();
    progress_.finish(counts_.images, counts_.errors);
    const int status = counts_.errors == 0 ? all_fine : some_failed;
    if (!options_.class_folders) return status;
    try {
        print_accuracy(accuracy_.result(labels_), options_.output == "-" ? stderr : stdout);
        return status;
    } catch (const Error& error) {  // the rows are written all the same
        fmt::print(stderr, "senet: {}\n", error.what());
        return some_failed;
    }
}

int run_images(const RunOptions& options) {
    return ImageRun(options).run();
}

}  // namespace senet::cli

/* Classifies one image: example lib<model>.so < image.f32, float [channels][height][width], normalised. */
#include <senet/senet.h>
#include <stdio.h>
#include <stdlib.h>

static int failed(const char* what) {
    fprintf(stderr, "%s: %s\n", what, senet_last_message());
    return 1;
}

int main(int argc, char** argv) {
    senet_model* model;
    senet_session* session;
    if (argc != 2 || senet_model_open(argv[1], NULL, &model) != SENET_OK) return failed("opening the model");
    if (senet_session_open(model, NULL, &session) != SENET_OK) return failed("opening a session");

    const senet_model_v1_t* info = senet_model_describe(model);
    size_t values = (size_t)info->channels * info->height * info->width, best = 0, i;
    float* image = malloc(values * sizeof(float));
    float* logits = malloc(info->classes * sizeof(float));
    if (!image || !logits || fread(image, sizeof(float), values, stdin) != values) return 1;
    if (senet_session_run_f32(session, 1, image, logits) != SENET_OK) return failed("running");

    for (i = 1; i < info->classes; ++i)
        if (logits[i] > logits[best]) best = i;
    printf("%s %.6f\n", info->labels ? info->labels[best] : "class", logits[best]);
    free(logits), free(image);
    senet_session_close(session), senet_model_close(model);
    return 0;
}

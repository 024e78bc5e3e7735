#include "generators/oracle/winograd_magnitudes.h"

#include <cmath>

#include "generators/stages/winograd_transforms.h"

namespace senetc::oracle {

namespace {

using Matrix = std::vector<std::vector<double>>;

Matrix absolute(Matrix matrix) {
    for (auto& row : matrix)
        for (double& value : row) value = std::fabs(value);
    return matrix;
}

// A matrix from what it makes of the unit vectors.
template <class Transform>
Matrix matrix_of(int columns, const Transform& transform) {
    Matrix matrix;
    for (int i = 0; i < columns; i++) {
        std::vector<double> unit(static_cast<size_t>(columns));
        unit[static_cast<size_t>(i)] = 1;
        const std::vector<double> column = transform(unit);
        matrix.resize(column.size(), std::vector<double>(static_cast<size_t>(columns)));
        for (size_t row = 0; row < column.size(); row++) matrix[row][static_cast<size_t>(i)] = column[row];
    }
    return matrix;
}

// m x mT
Matrix both_sides(const Matrix& m, const Matrix& x) {
    Matrix result(m.size(), std::vector<double>(m.size()));
    for (size_t i = 0; i < m.size(); i++)
        for (size_t j = 0; j < m.size(); j++)
            for (size_t a = 0; a < x.size(); a++)
                for (size_t b = 0; b < x.size(); b++) result[i][j] += m[i][a] * x[a][b] * m[j][b];
    return result;
}

// |BT| |d| |B| of the tile whose first output is centred at (top, left), by channel.
std::vector<Matrix> spectrum_of_tile(const Matrix& bt, const Array& in, int top, int left) {
    const int size = static_cast<int>(bt.size());
    std::vector<Matrix> spectra;
    for (int c = 0; c < in.shape[0]; c++) {
        Matrix d(bt.size(), std::vector<double>(bt.size()));
        for (int j = 0; j < size; j++) {
            for (int i = 0; i < size; i++) {
                const int y = top + j - 1, x = left + i - 1;
                if (y >= 0 && y < in.shape[1] && x >= 0 && x < in.shape[2])
                    d[static_cast<size_t>(j)][static_cast<size_t>(i)] = std::fabs(in.at(c, y, x));
            }
        }
        spectra.push_back(both_sides(bt, d));
    }
    return spectra;
}

// |G| |g| |GT| of every filter
std::vector<Matrix> filter_spectra(const Matrix& g, const Array& weight) {
    std::vector<Matrix> spectra;
    for (size_t from = 0; from < weight.values.size(); from += 9) {
        Matrix filter(3, std::vector<double>(3));
        for (size_t tap = 0; tap < 9; tap++) filter[tap / 3][tap % 3] = std::fabs(weight.values[from + tap]);
        spectra.push_back(both_sides(g, filter));
    }
    return spectra;
}

}  // namespace

Array winograd_magnitudes(int m, int stride, const Array& in, const Array& weight) {
    const int co = weight.shape[0], h = (in.shape[1] - 1) / stride + 1, w = (in.shape[2] - 1) / stride + 1;
    const int size = winograd_elements(m, stride);
    const auto shared = static_cast<size_t>(winograd_shared_rows(m, stride));
    const auto filter_row = [&](size_t element) { return element < shared ? 0 : element - shared; };
    Matrix g;
    for (const auto& row : winograd_filter_matrix(m, stride)) g.push_back({row.begin(), row.end()});
    g = absolute(g);
    const Matrix bt = absolute(matrix_of(size, [&](const auto& d) { return winograd_input(m, stride, d); }));
    const Matrix at = absolute(matrix_of(size, [&](const auto& q) { return winograd_output(m, stride, q); }));
    const std::vector<Matrix> filters = filter_spectra(g, weight);
    Array magnitudes({co, h, w});
    for (int top = 0; top < h; top += m) {
        for (int left = 0; left < w; left += m) {
            const std::vector<Matrix> inputs = spectrum_of_tile(bt, in, top * stride, left * stride);
            for (int o = 0; o < co; o++) {
                Matrix product(static_cast<size_t>(size), std::vector<double>(static_cast<size_t>(size)));
                for (size_t c = 0; c < inputs.size(); c++) {
                    const Matrix& filter = filters[static_cast<size_t>(o) * inputs.size() + c];
                    for (size_t j = 0; j < product.size(); j++)
                        for (size_t i = 0; i < product.size(); i++)
                            product[j][i] += filter[filter_row(j)][filter_row(i)] * inputs[c][j][i];
                }
                const Matrix out = both_sides(at, product);
                for (int j = 0; j < m && top + j < h; j++)
                    for (int i = 0; i < m && left + i < w; i++)
                        magnitudes.values[static_cast<size_t>((o * h + top + j) * w + left + i)] =
                            out[static_cast<size_t>(j)][static_cast<size_t>(i)];
            }
        }
    }
    return magnitudes;
}

}  // namespace senetc::oracle

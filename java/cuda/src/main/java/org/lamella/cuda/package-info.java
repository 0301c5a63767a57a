/** The CUDA backend: kernels of ours, cuDNN, cuBLAS and NCCL behind the same interface as the CPU. */
package org.lamella.cuda;

// C++: exceptions through frames that make calls, in threads; out of a
// clean-up; iostreams; thread_local; futures.
#include <future>
#include <iostream>
#include <stdexcept>
#include <thread>
#include <unistd.h>
#include <vector>
struct Noisy {
	~Noisy() { getppid(); count++; }
	static thread_local int count;
};
thread_local int Noisy::count;
static int deep(int n) {
	Noisy x;
	getppid();
	if (n == 0)
		throw std::runtime_error("deep");
	return deep(n - 1) + 1;
}
static int thread_body() {
	int caught = 0;
	for (int i = 0; i < 50; i++)
		try {
			deep(20);
		} catch (const std::exception &) {
			caught++;
		}
	return caught * 100000 + Noisy::count;
}
int main() {
	std::vector<std::future<int>> f;
	for (int i = 0; i < 4; i++)
		f.push_back(std::async(std::launch::async, thread_body));
	for (auto &x : f)
		std::cout << x.get() << std::endl;
	try {
		std::thread([] {}).join();
		std::vector<int>().at(3);
	} catch (const std::out_of_range &e) {
		std::cout << "out of range" << std::endl;
	}
}
